/**
 * `live-crashes`: the updater killed at random moments of an import, every byte of a small environment turned and every
 * length cut, also under a reader that has it open: old or new or an error, never a mixture, another value or a dead process.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { TEXT_VERSION } from '../../../stores/text/normalise.ts';
import type { BenchOptions } from '../bench-options.ts';

const KILLS = 20;

export async function benchLiveCrashes({ keyCounts, scratch, print }: BenchOptions): Promise<void> {
  await killUpdaters(join(scratch, 'kills'), keyCounts[0] ?? 200_000, print);
  damageBytes(join(scratch, 'damage'), print);
}

/** Imports versions of a map, kills some of them at random, and looks at what is there after each. */
async function killUpdaters(root: string, count: number, print: (text: string) => void): Promise<void> {
  const files = join(root, 'files');
  const collections = join(root, 'collections');
  mkdirSync(files, { recursive: true });
  const program = fileURLToPath(new URL('../../../services/live/updater-main.js', import.meta.url));
  const start = (version: number): ChildProcess => {
    const object = Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, version]));
    writeFileSync(join(files, 'm.json'), JSON.stringify(object));
    const child = fork(program, []);
    child.send({ collections, files, names: ['m.json'] });
    return child;
  };
  const begun = performance.now();
  await once(start(0), 'exit');
  const wholeMs = performance.now() - begun;
  const outcomes = { old: 0, new: 0 };
  let current = 0;
  for (let version = 1; version <= KILLS; version++) {
    const child = start(version);
    const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * wholeMs * 1.2);
    await once(child, 'exit');
    clearTimeout(timer);
    const reader = openCollections(collections, { readOnly: true });
    reader.verify();
    const values = new Set(reader.map('m').values());
    const [value] = values;
    if (values.size !== 1 || reader.map('m').size !== count) throw new Error(`a mixture: ${[...values].join(', ')}`);
    if (value !== current && value !== version) throw new Error(`neither old nor new: ${value}`);
    outcomes[value === version ? 'new' : 'old']++;
    current = value as number;
    reader.close();
  }
  await once(start(KILLS + 1), 'exit');
  const reader = openCollections(collections, { readOnly: true });
  const isNew = reader.map('m').get('key 0') === KILLS + 1;
  reader.close();
  print(
    `${KILLS} updaters killed while importing ${count} entries: ${outcomes.old} old, ${outcomes.new} new, no mixture; the next import ${isNew ? 'works' : 'FAILS'}`,
  );
}

function damageBytes(folder: string, print: (text: string) => void): void {
  const program = fileURLToPath(new URL('./damage-reader.js', import.meta.url));
  const writer = openCollections(folder, { readOnly: false });
  for (const last of ['first', 'second']) {
    writer.write.replace(
      'm',
      { kind: 'map' },
      Array.from({ length: 60 }, (_, i) => ({ key: `key ${i}`, value: last })),
    );
    const keys = Array.from({ length: 60 }, (_, i) => ({ key: `key ${i}` }));
    writer.write.replace('protected', { kind: 'set', textVersion: TEXT_VERSION, detail: 2 }, keys);
    const overrides = keys.map(({ key }) => ({ key, value: last }));
    writer.write.replace('overrides', { kind: 'map', textVersion: TEXT_VERSION }, overrides);
  }
  writer.close();
  const bytes = readFileSync(join(folder, 'collections.mdb')).length;
  for (const [what, count] of [
    ['turned', bytes],
    ['cut', bytes],
    ['turned-open', bytes],
    ['turned-served', bytes],
  ] as const) {
    // In one process after the other, since one that dies is what is looked for.
    const outcomes: Record<string, number> = {};
    for (let from = 0; from < count; ) {
      const child = spawnSync(process.execPath, [program, folder, what, String(from)], { encoding: 'utf8' });
      const lines = child.stdout.trim().split('\n').filter(Boolean);
      for (const line of lines) outcomes[line] = (outcomes[line] ?? 0) + 1;
      from += lines.length;
      if (child.signal !== null) {
        outcomes[`ended by ${child.signal}`] = (outcomes[`ended by ${child.signal}`] ?? 0) + 1;
        from++;
      } else if (child.status !== 0) throw new Error(child.stderr);
    }
    print(`every byte ${what} (${bytes} of them): ${JSON.stringify(outcomes)}`);
  }
}
