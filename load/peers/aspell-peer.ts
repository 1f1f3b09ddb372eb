import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compiled } from '../../data/package-root.ts';
import type { Peer, Variant, Workshop } from './peer.ts';
import { type Vocabulary, vocabularyFile } from './vocabularies.ts';

const AS_IT_COMES = variant('own', 'normal');
const CHOSEN = variant('all', 'normal');

export const ASPELL: Peer = {
  name: 'aspell',
  missing: () =>
    spawnSync('aspell', ['--lang=en', 'dump', 'config']).status === 0 ? undefined : 'apt-get install aspell aspell-en',
  asItComes: AS_IT_COMES,
  chosen: CHOSEN,
  variants: (['own', 'all', 'trusted', 'frequent'] as const).flatMap((words) => [
    variant(words, 'ultra'),
    variant(words, 'normal'),
  ]),
};

function variant(words: Vocabulary | 'own', mode: 'ultra' | 'normal'): Variant {
  return {
    settings: `sug-mode ${mode}, ${words === 'own' ? 'its own English dictionary' : `${words} terms of the dataset, which it takes without frequencies`}`,
    prepare: async (workshop) => {
      const master = words === 'own' ? [] : [`--master=${await masterOf(words, workshop)}`];
      const program = compiled('load/peers/aspell-process.js');
      return [process.execPath, program, '--lang=en', `--sug-mode=${mode}`, ...master];
    },
  };
}

/** Compiles a vocabulary into a dictionary of aspell's: words of letters a to z and apostrophes. */
async function masterOf(words: Vocabulary, workshop: Workshop): Promise<string> {
  const path = join(workshop.dir, `aspell-${words}.rws`);
  if (existsSync(path)) return path;
  const list: string[] = [];
  for await (const line of createInterface({ input: createReadStream(await vocabularyFile(words, workshop)) })) {
    const term = line.split('\t', 1)[0] ?? '';
    if (/^[a-z]+(?:'[a-z]+)*$/.test(term)) list.push(term);
  }
  const made = `${path}.part.rws`;
  const { status, stderr } = spawnSync('aspell', ['--lang=en', '--encoding=utf-8', 'create', 'master', made], {
    input: `${list.join('\n')}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`aspell create master ended with code ${status}: ${stderr.slice(0, 500)}`);
  renameSync(made, path);
  return path;
}
