/** Signals at each stage. */
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Outcome } from './fault.ts';
import { answerOf, type Ending, PROBE, Running } from './program.ts';
import { emptyFolder, type World } from './world.ts';

/** What the end of a signalled process amounts to. */
function endOf(ending: Ending | undefined, signal: NodeJS.Signals): string {
  if (ending === undefined) return 'hangs';
  if (/^ {4}at /m.test(ending.err)) return 'shows a stack';
  if (ending.signal !== null) return ending.signal === signal ? 'ended' : `crashes: ${ending.signal}`;
  return ending.code === 0 ? 'drained' : ending.code === 1 ? 'cut' : `exit code ${ending.code}`;
}

/** While the program starts. */
function startSignals(world: World): Fault[] {
  return (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap((signal) =>
    [10, 60, 120, 180, 250].map(
      (afterMs): Fault => ({
        stage: 'start',
        kind: 'signals',
        name: `${signal} after ${afterMs} ms`,
        expected: ['ended', 'drained', 'cut'],
        isQuick: signal === 'SIGTERM' && afterMs === 120,
        async run() {
          const service = new Running(['serve', '--port', '0', '--dataset', world.dataset]);
          await wait(afterMs);
          service.child.kill(signal);
          return endOf(await service.end(), signal);
        },
      }),
    ),
  );
}

/** While a dataset is built: it is there whole or not at all. */
function buildSignals(world: World): Fault[] {
  return (['SIGTERM', 'SIGINT', 'SIGKILL'] as const).flatMap((signal) =>
    [100, 200, 300, 400].map(
      (afterMs): Fault => ({
        stage: 'build',
        kind: 'signals',
        name: `${signal} after ${afterMs} ms`,
        expected: ['ended', 'cut', 'right'],
        isQuick: false,
        async run() {
          const folder = emptyFolder(world, 'built');
          const out = join(folder, 'out');
          const build = new Running(['build', '--out', out, '--docs', join(world.folder, 'dataset.txt')]);
          await wait(afterMs);
          build.child.kill(signal);
          const ending = await build.end();
          if (existsSync(out)) return existsSync(join(out, 'manifest.json')) ? 'right' : 'half made';
          // One that is killed outright leaves a hidden folder, which the next build removes.
          if (signal !== 'SIGKILL' && readdirSync(folder).length > 0) return 'leaves files';
          const end = endOf(ending, signal);
          return ending?.code === 130 || ending?.code === 143 ? 'ended' : end;
        },
      }),
    ),
  );
}

/** While it serves. */
function serveSignals(world: World): Fault[] {
  const cases: readonly [signal: NodeJS.Signals, expected: readonly Outcome[]][] = [
    ['SIGTERM', ['drained']],
    ['SIGINT', ['drained']],
    ['SIGHUP', ['ended', 'drained']],
    ['SIGKILL', ['ended']],
    ['SIGPIPE', ['right']],
    ['SIGWINCH', ['right']],
    ['SIGCONT', ['right']],
    ['SIGUSR1', ['right']],
  ];
  return cases.map(([signal, expected]) => ({
    stage: 'serve',
    kind: 'signals',
    name: signal,
    expected,
    isQuick: signal === 'SIGTERM' || signal === 'SIGPIPE',
    async run() {
      const service = new Running(['serve', '--port', '0', '--dataset', world.dataset]);
      const port = await service.port();
      if (port === undefined) return `did not start: ${service.err}`;
      if ((await answerOf(port)) !== 'right') return 'wrong answer';
      service.child.kill(signal);
      if (!expected.includes('right')) return endOf(await service.end(), signal);
      await wait(100);
      const answer = await answerOf(port);
      service.child.kill('SIGTERM');
      const ending = await service.end();
      return ending?.code === 0 ? answer : `${answer}, then ${endOf(ending, 'SIGTERM')}`;
    },
  }));
}

/** While it drains, a request being in progress. */
function drainSignals(world: World): Fault[] {
  const drain = (
    name: string,
    expected: readonly Outcome[],
    isQuick: boolean,
    args: readonly string[],
    then: (service: Running, socket: Socket) => Promise<NodeJS.Signals>,
  ): Fault => ({
    stage: 'drain',
    kind: 'signals',
    name,
    expected,
    isQuick,
    async run() {
      const service = new Running(['serve', '--port', '0', '--dataset', world.dataset, ...args]);
      const port = await service.port();
      if (port === undefined) return `did not start: ${service.err}`;
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        received += text;
      });
      socket.write(
        `POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`,
      );
      socket.write(BODY.slice(0, 4));
      await wait(100);
      service.child.kill('SIGTERM');
      await wait(100);
      const signal = await then(service, socket);
      const end = endOf(await service.end(), signal);
      if (end === 'drained' && !received.includes(PROBE.wanted)) return 'drained without an answer';
      socket.destroy();
      return end;
    },
  });
  const finish = async (_: Running, socket: Socket): Promise<NodeJS.Signals> => {
    socket.write(BODY.slice(4));
    await Promise.race([once(socket, 'close'), wait(2000)]);
    return 'SIGTERM';
  };
  const again = (signal: NodeJS.Signals) => async (service: Running) => {
    service.child.kill(signal);
    return signal;
  };
  return [
    drain('the request in progress comes to its end', ['drained'], true, [], finish),
    drain('the request in progress never ends', ['cut'], true, ['--drain-timeout-ms', '300'], async () => 'SIGTERM'),
    drain('SIGTERM again', ['cut'], true, [], again('SIGTERM')),
    drain('SIGINT', ['cut'], false, [], again('SIGINT')),
    drain('SIGKILL', ['ended'], false, [], again('SIGKILL')),
  ];
}

const BODY = '{"q": "wireles hedphones"}';

/** All of them. */
export function signalFaults(world: World): Fault[] {
  return [...buildSignals(world), ...startSignals(world), ...serveSignals(world), ...drainSignals(world)];
}
