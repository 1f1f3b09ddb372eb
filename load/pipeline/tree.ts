import { spawn } from 'node:child_process';
import { compiled } from '../../data/package-root.ts';
import { PassesProcess } from '../program/passes-process.ts';
import type { PassOrder, PassReport } from './passes.ts';

/** A built tree at work in a process of its own. */
export type Tree = PassesProcess<PassOrder, PassReport>;

/** Starts it. @param root the folder that holds `dist/` and `package.json` */
export function startTree(root: string, dataset: string): Tree {
  const args = [compiled('load/pipeline/passes.js'), root, dataset];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new PassesProcess(child, `measuring the pipeline of ${root}: its process`);
}
