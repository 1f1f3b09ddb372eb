/** Faults of the machine: no descriptors, no memory, no room on the disk, no right to write. Real ones, by the system's own means. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../data/package-root.ts';
import type { Fault, Outcome, Stage } from './fault.ts';
import { answerOf, type Conditions, NOBODY, Running, runProgram, startOutcome, told } from './program.ts';
import { emptyFolder, isEmpty, type World } from './world.ts';

/** Whether a command can be run here: what makes a fault may not be there, or not be allowed. */
export function works(command: readonly string[]): boolean {
  const [name = '', ...args] = command;
  return spawnSync(name, [...args, 'true']).status === 0;
}

/** Mounts a file system on a folder for the program alone; afterwards names on stderr what is left in it. */
function mounted(folder: string, mount: string): readonly string[] {
  const script = `${mount} && { "$@"; code=$?; ls -A "$0" | sed 's/^/left: /' >&2; exit $code; }`;
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, folder];
}

/** Hides bundled datasets that this program has built before, or builds meanwhile. */
const WITHOUT_BUILT: readonly string[] = [
  ...['unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount'],
  ...['sh', '-c', 'mkdir -p "$0" && mount -t tmpfs tmpfs "$0" && exec "$@"'],
  join(packageRoot(), 'data', 'build'),
];

const FULL = 'mount -t tmpfs -o size=64k tmpfs "$0"';
const READ_ONLY = 'mount -t tmpfs -o ro tmpfs "$0"';

/** Where nothing can be written. */
function placesWithoutRoom(
  world: World,
  name: string,
): readonly { readonly name: string; readonly folder: string; readonly under: readonly string[] }[] {
  const folder = join(world.folder, name);
  return [
    { name: 'a full disk', folder, under: mounted(folder, FULL) },
    { name: 'a read-only file system', folder, under: mounted(folder, READ_ONLY) },
    { name: 'a folder of another user', folder, under: NOBODY },
  ];
}

/** What an ending in a folder where nothing can be written amounts to. */
function toldAndClean(ending: Awaited<ReturnType<typeof runProgram>>, folder: string): string {
  const outcome = told(ending, folder);
  return outcome === 'told' && /^left: /m.test(ending?.err ?? '')
    ? `leaves files: ${ending?.err.slice(-200)}`
    : outcome;
}

/** Faults of the disk and of permissions. */
export function writingFaults(world: World): Fault[] {
  const documents = join(world.folder, 'dataset.txt');
  const fault = (stage: Stage, name: string, isQuick: boolean, run: () => Promise<string>): Fault => ({
    stage,
    kind: name.includes('user') ? 'permissions' : 'disk',
    name,
    expected: ['told'],
    isQuick,
    run,
  });
  return placesWithoutRoom(world, 'place').flatMap(({ name, folder, under }) => [
    fault('build', `emend build into ${name}`, name.includes('full'), async () => {
      chmodSync(world.folder, 0o755);
      emptyFolder(world, 'place');
      const out = join(folder, 'out');
      const ending = await runProgram(['build', '--out', out, '--docs', documents], { under });
      return isEmpty(folder) ? toldAndClean(ending, folder) : 'leaves files';
    }),
    fault('build', `emend rules import into ${name}`, false, async () => {
      chmodSync(world.folder, 0o755);
      emptyFolder(world, 'place');
      const list = join(world.folder, 'many.txt');
      writeFileSync(list, Array.from({ length: 20_000 }, (_, i) => `word${i}\n`).join(''));
      const rules = join(folder, 'rules');
      return told(
        await runProgram(['rules', 'import', '--collection', 'protected', list, '--rules', rules], { under }),
        folder,
      );
    }),
    fault('start', `the first start in ${name}`, true, async () => {
      chmodSync(world.folder, 0o755);
      emptyFolder(world, 'place');
      const unbuilt = [...WITHOUT_BUILT, ...under];
      return told(await runProgram(['serve', '--port', '0', '--cache-dir', folder], { under: unbuilt }), folder);
    }),
  ]);
}

/** Faults of descriptors, memory and ports. */
export function limitFaults(world: World): Fault[] {
  const start = (
    kind: string,
    name: string,
    conditions: Conditions,
    expected: readonly Outcome[],
    isQuick = false,
  ): Fault => ({
    stage: 'start',
    kind,
    name,
    expected,
    isQuick,
    run: () => startOutcome(['--dataset', world.dataset], '', conditions),
  });
  const rewrite = (limit: number): Fault => ({
    stage: 'start',
    kind: 'descriptors',
    name: `emend rewrite, ${limit} descriptors`,
    expected: ['told', 'right'],
    isQuick: limit === 23,
    async run() {
      const under = ['prlimit', `--nofile=${limit}`];
      const ending = await runProgram(['rewrite', '--dataset', world.dataset, 'wireles', 'hedphones'], { under });
      if (ending?.code !== 0) return told(ending, '');
      return ending.out.includes('"rewritten":"wireless headphones"') ? 'right' : 'wrong answer';
    },
  });
  return [
    ...[19, 21, 22, 23, 24, 26, 30].map(rewrite),
    ...[22, 24, 26, 28, 32, 40].map((limit) =>
      start(
        'descriptors',
        `emend serve, ${limit} descriptors`,
        { under: ['prlimit', `--nofile=${limit}`] },
        ['told', 'right'],
        limit === 24,
      ),
    ),
    ...[120, 200, 400].map((mib) =>
      start('memory', `emend serve, ${mib} MiB of data`, { under: ['prlimit', `--data=${mib * 2 ** 20}`] }, [
        'told',
        'right',
        'ended',
      ]),
    ),
    {
      stage: 'start',
      kind: 'port',
      name: 'the port is taken',
      expected: ['told'],
      isQuick: true,
      async run() {
        const other = createServer();
        await new Promise<void>((resolve) => other.listen(0, resolve));
        const { port } = other.address() as AddressInfo;
        const ending = await runProgram(['serve', '--dataset', world.dataset, '--port', String(port)]);
        other.close();
        return told(ending, String(port));
      },
    },
    {
      stage: 'serve',
      kind: 'descriptors',
      name: '100 connections, 64 descriptors',
      expected: ['right'],
      isQuick: true,
      async run() {
        const service = new Running(['serve', '--port', '0', '--dataset', world.dataset], {
          under: ['prlimit', '--nofile=64'],
        });
        const port = await service.port();
        if (port === undefined) return `did not start: ${service.err}`;
        const sockets: Socket[] = [];
        for (let i = 0; i < 100; i++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
        await wait(500);
        for (const socket of sockets) socket.destroy();
        await wait(300);
        const answer = await answerOf(port);
        service.child.kill('SIGTERM');
        const ending = await service.end();
        return ending?.code === 0
          ? answer
          : `${answer}, then ${ending === undefined ? 'hangs' : `exit code ${ending.code}`}`;
      },
    },
    {
      stage: 'serve',
      kind: 'disk',
      name: 'standard output goes to a full disk',
      expected: ['right'],
      isQuick: false,
      async run() {
        if (!existsSync('/dev/full')) return 'right';
        const full = openSync('/dev/full', 'w');
        const outcome = await startOutcome(['--dataset', world.dataset, '--log-queries'], '', { stdout: full });
        closeSync(full);
        return outcome;
      },
    },
  ];
}

/** The lock of the first start, whose holder dies. Each builds the bundled dataset: a minute. */
export function lockFaults(world: World): Fault[] {
  const inNamespace = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
  const killedFirst = (name: string, under: readonly string[]): Fault => ({
    stage: 'start',
    kind: 'lock',
    name,
    expected: ['right'],
    isQuick: false,
    async run() {
      const cache = emptyFolder(world, 'cache');
      const args = ['rewrite', '--cache-dir', cache, 'wireles', 'hedphones'];
      const first = new Running(args, { under });
      await wait(3000);
      spawnSync('sh', ['-c', `kill -9 $(pgrep -P ${first.child.pid}) ${first.child.pid}`]);
      await first.end();
      const second = new Running(args, { under });
      const ending = await Promise.race([second.ending, wait(300_000)]);
      if (ending === undefined) {
        second.child.kill('SIGKILL');
        return 'hangs';
      }
      if (ending.code !== 0) return told(ending, cache);
      return ending.out.includes('"rewritten":"wireless headphones"') ? 'right' : 'wrong answer';
    },
  });
  return [
    killedFirst('a builder was killed', []),
    killedFirst('a builder was killed, and its process id is given again in a new container', inNamespace),
  ];
}

/** Faults of the configuration file. */
export function configFaults(world: World): Fault[] {
  const path = join(world.folder, 'config.json');
  return (['{', '[]', '{"prot": 1}'] as const).map((text) => ({
    stage: 'start',
    kind: 'files',
    name: `the configuration file is ${text}`,
    expected: ['told'],
    isQuick: false,
    async run() {
      writeFileSync(path, text);
      if (readFileSync(path, 'utf8') !== text) return 'not written';
      return startOutcome(['--dataset', world.dataset, '--config', path], '');
    },
  }));
}
