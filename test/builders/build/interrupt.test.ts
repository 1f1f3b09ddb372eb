import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../../data/package-root.ts';
import { verifyDataset } from '../../../stores/dataset/verify.ts';

// Real processes of the compiled program: signals reach only those.
const program = join(packageRoot(), 'dist', 'services', 'emend.js');

let folder: string;
beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is missing; run "npm run build"`);
  folder = mkdtempSync(join(tmpdir(), 'emend-interrupt-'));
  const lines: string[] = [];
  let state = 1;
  for (let i = 0; i < 6000; i++) {
    let line = '';
    for (let j = 0; j < 10; j++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      line += `${(state % 5000).toString(36).replace(/\d/g, 'x')}word `;
    }
    lines.push(line);
  }
  writeFileSync(join(folder, 'docs.txt'), lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Build {
  readonly child: ChildProcess;
  /** Listened for from the start: it may end before anyone waits. */
  readonly ended: Promise<unknown[]>;
}

function startBuild(): Build {
  const args = [program, 'build', '--out', join(folder, 'data'), '--docs', join(folder, 'docs.txt'), '--memory', '2M'];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return { child, ended: once(child, 'exit') };
}

/** Waits until the child has begun to write. */
async function untilStarted({ child }: Build): Promise<void> {
  while (child.exitCode === null && readdirSync(folder).length < 2) await sleep(5);
}

const left = () => readdirSync(folder).filter((name) => name !== 'docs.txt');

describe('an interrupted build', () => {
  let buildMs = 0;

  it('is whole when nothing interrupts it', async () => {
    const build = startBuild();
    await untilStarted(build);
    const started = performance.now();
    expect(await build.ended).toEqual([0, null]);
    buildMs = performance.now() - started;
    expect(left()).toEqual(['data']);
    verifyDataset(join(folder, 'data'));
    rmSync(join(folder, 'data'), { recursive: true });
  });

  it.each([
    ['SIGINT', 0],
    ['SIGTERM', 0.4],
    ['SIGINT', 0.8],
  ] as const)('leaves nothing, or a whole dataset, after %s at %d of its time', async (signal, share) => {
    const build = startBuild();
    await untilStarted(build);
    await sleep(share * buildMs);
    build.child.kill(signal);
    const [code, endedBy] = await build.ended;
    if (code !== 0) expect(endedBy).toBe(signal);
    // It may have put the dataset in place before the signal came.
    if (existsSync(join(folder, 'data'))) {
      verifyDataset(join(folder, 'data'));
      rmSync(join(folder, 'data'), { recursive: true });
    } else {
      expect(code).not.toBe(0);
    }
    expect(left()).toEqual([]);
  });

  it('leaves no half dataset when it is killed outright, and the next build removes what was left', async () => {
    for (const share of [0.1, 0.6]) {
      const build = startBuild();
      await untilStarted(build);
      await sleep(share * buildMs);
      build.child.kill('SIGKILL');
      await build.ended;
      if (existsSync(join(folder, 'data'))) {
        verifyDataset(join(folder, 'data'));
        rmSync(join(folder, 'data'), { recursive: true });
      }
    }
    const build = startBuild();
    expect(await build.ended).toEqual([0, null]);
    expect(left()).toEqual(['data']);
    rmSync(join(folder, 'data'), { recursive: true });
  });
});
