/** Faults of the files that a service opens: damaged, cut, swapped, not to be read. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Fault, Outcome } from './fault.ts';
import { answerOf, NOBODY, Running, runProgram, startOutcome } from './program.ts';
import { listAs, listedFiles, type World } from './world.ts';

/** What can be the matter with a file before it is opened. */
const DAMAGES: readonly {
  readonly name: string;
  readonly isQuick?: boolean;
  readonly under?: readonly string[];
  damage(path: string, dataset: string, other: string): void;
}[] = [
  { name: 'is missing', damage: (path) => rmSync(path) },
  { name: 'is empty', damage: (path) => truncateSync(path, 0) },
  { name: 'is cut in half', damage: (path) => truncateSync(path, statSync(path).size >> 1) },
  {
    name: 'is cut, its size in the manifest too',
    damage(path, dataset) {
      truncateSync(path, statSync(path).size - 9);
      listAs(dataset, path.slice(dataset.length + 1), statSync(path).size);
    },
  },
  { name: 'has another first byte', damage: (path) => changeByte(path, 0) },
  {
    name: 'has a changed byte in the middle',
    isQuick: true,
    damage: (path) => changeByte(path, statSync(path).size >> 1),
  },
  { name: 'has another last byte', damage: (path) => changeByte(path, statSync(path).size - 2) },
  {
    name: "is another dataset's, its size in the manifest too",
    isQuick: true,
    damage(path, dataset, other) {
      const file = path.slice(dataset.length + 1);
      copyFileSync(join(other, file), path);
      listAs(dataset, file, statSync(path).size);
    },
  },
  {
    name: 'is a folder',
    damage(path) {
      rmSync(path);
      mkdirSync(path);
    },
  },
  {
    name: 'is a loop of symbolic links',
    damage(path) {
      rmSync(path);
      symlinkSync(path, path);
    },
  },
  { name: 'may not be read', under: NOBODY, damage: (path) => chmodSync(path, 0o600) },
];

/** Every damage of every file of a dataset, and of its manifest, at the start. */
export function datasetFaults(world: World): Fault[] {
  const files = [...listedFiles(world.dataset), { file: 'manifest.json', kind: 'manifest', bytes: 0 }];
  return files.flatMap(({ file, kind }) =>
    DAMAGES.filter(({ name }) => !name.endsWith('manifest too') || kind !== 'manifest')
      // Language and model are the same in both.
      .filter(({ name }) => !name.startsWith("is another dataset's") || !isSame(world, file))
      .map(({ name, under, isQuick = false, damage }): Fault => {
        // What only tells where a dataset came from may read otherwise; blocks are checked when they are read.
        const mayPass = kind === 'manifest' || (kind === 'blocks' && name.includes('middle'));
        return {
          stage: 'start',
          kind: 'files',
          name: `${file} ${name}`,
          expected: mayPass ? ['told', 'right', 'problem'] : ['told'],
          isQuick: isQuick && !file.endsWith('.blocks'),
          async run() {
            const dataset = world.copy();
            damage(join(dataset, file), dataset, world.other);
            if (under !== undefined) openUp(world, dataset);
            const outcome = await startOutcome(['--dataset', dataset], dataset, under === undefined ? {} : { under });
            rmSync(dataset, { recursive: true, force: true });
            return outcome;
          },
        };
      }),
  );
}

/** Damages of files under a running service. */
export function runningFileFaults(world: World): Fault[] {
  const fault = (
    name: string,
    expected: readonly Outcome[],
    isQuick: boolean,
    damage: (path: string) => void,
  ): Fault => ({
    stage: 'serve',
    kind: 'files',
    name,
    expected,
    isQuick,
    async run() {
      const dataset = world.copy();
      const service = new Running(['serve', '--port', '0', '--dataset', dataset, '--cache-bytes', '1MiB']);
      const port = await service.port();
      if (port === undefined) return `did not start: ${service.err}`;
      damage(dataset);
      const answers = [await answerOf(port), await answerOf(port)];
      service.child.kill('SIGTERM');
      const ending = await service.end();
      if (ending === undefined) return 'hangs when stopped';
      if (ending.signal !== null) return `crashes: ${ending.signal}`;
      if (ending.code !== 0) return `exit code ${ending.code}`;
      rmSync(dataset, { recursive: true, force: true });
      return answers.find((answer) => answer !== 'right') ?? 'right';
    },
  });
  const blocks = () => listedFiles(world.dataset).filter(({ kind }) => kind === 'blocks');
  return [
    fault('the folder of the dataset is removed', ['right'], true, (dataset) => rmSync(dataset, { recursive: true })),
    fault('block files are emptied', ['problem', 'right'], true, (dataset) => {
      for (const { file } of blocks()) truncateSync(join(dataset, file), 0);
    }),
    fault('blocks are overwritten with zeros', ['problem', 'right'], true, (dataset) => {
      for (const { file, bytes } of blocks()) overwrite(join(dataset, file), bytes);
    }),
    fault('files in memory are emptied', ['right'], false, (dataset) => {
      for (const { file, kind } of listedFiles(dataset)) if (kind !== 'blocks') truncateSync(join(dataset, file), 0);
    }),
  ];
}

/** Damages of the rules' data file at the start. */
export function rulesFaults(world: World): Fault[] {
  const folder = join(world.folder, 'rules');
  const damages: readonly [name: string, damage: (path: string) => void, under?: readonly string[]][] = [
    ['is cut in half', (path) => truncateSync(path, statSync(path).size >> 1)],
    ['is text', (path) => writeFileSync(path, 'protected: emend\n'.repeat(1000))],
    ['is a loop of symbolic links', (path) => [rmSync(path), symlinkSync(path, path)]],
    ['may not be read', (path) => chmodSync(path, 0o600), NOBODY],
  ];
  return damages.map(([name, damage, under]) => ({
    stage: 'start',
    kind: 'files',
    name: `collections.mdb of the rules ${name}`,
    expected: ['told'],
    isQuick: name === 'is text',
    async run() {
      rmSync(folder, { recursive: true, force: true });
      const list = join(world.folder, 'protected.txt');
      writeFileSync(list, 'emend\n');
      await runProgram(['rules', 'import', '--collection', 'protected', list, '--rules', folder]);
      damage(join(folder, 'collections.mdb'));
      openUp(world, world.dataset);
      chmodSync(folder, 0o755);
      return startOutcome(
        ['--dataset', world.dataset, '--rules', folder],
        folder,
        under === undefined ? {} : { under },
      );
    },
  }));
}

/** Lets others come to a folder in the world: what else is in it stays as it is. */
function openUp(world: World, folder: string): void {
  for (const path of [world.folder, folder]) chmodSync(path, 0o755);
}

function isSame(world: World, file: string): boolean {
  return readFileSync(join(world.dataset, file)).equals(readFileSync(join(world.other, file)));
}

function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
}

/** Overwrites a file where it lies, as a careless copy does: its length stays, and so does its place on the disk. */
function overwrite(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(bytes), 0, bytes, 0);
  } finally {
    closeSync(file);
  }
}
