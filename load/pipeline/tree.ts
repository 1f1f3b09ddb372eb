import { type ChildProcess, spawn } from 'node:child_process';
import { compiled } from '../../data/package-root.ts';
import type { PassOrder, PassReport } from './passes.ts';

/** A built tree at work in a process of its own. */
export class Tree {
  readonly #child: ChildProcess;

  /** @param root the folder that holds `dist/` and `package.json` */
  constructor(root: string, dataset: string) {
    this.#child = spawn(process.execPath, [compiled('load/pipeline/passes.js'), root, dataset], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Goes through queries once. Rejects where the process has ended. */
  pass(order: PassOrder): Promise<PassReport> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`measuring the pipeline: it ended with code ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (report) => {
        this.#child.off('exit', onExit);
        resolve(report as PassReport);
      });
      this.#child.send(order);
    });
  }

  stop(): void {
    this.#child.kill();
  }
}
