/**
 * A matrix of faults: what becomes of the program when files are damaged, cut or swapped, when descriptors, memory or the disk
 * run out, when it may not read or write, and when signals come, at each stage: build, start, serve, drain.
 *
 *   npm run build && npm run faults -- [--first-start] [--only TEXT]
 */
import { markdownTable } from '../services/figures/markdown.ts';
import { type Fault, isAsExpected, tryFaults } from './faults/fault.ts';
import { matrixOf } from './faults/matrix.ts';
import { makeWorld } from './faults/world.ts';
import { programArguments } from './program/arguments.ts';

const HELP = `Makes faults, one after another, and prints what became of the program.

  npm run faults
  npm run faults -- --only ngrams --quick

Usage: node dist/load/faults.js [--quick] [--first-start] [--only TEXT]

--quick        those alone that the tests run
--first-start  also those of a first start, which build the bundled dataset: some minutes
--only         faults alone whose stage, kind or name contains the text

The faults are real, made by the system's own means: setpriv, prlimit, mounts in a user namespace. What cannot be made here is
named. Runs as root or as another user; as another user without the faults of permissions.

Exit 0 where all is as expected, else 1.
`;

const { quick, only, ...rest } = programArguments('faults', HELP, {
  quick: { type: 'boolean', default: false },
  'first-start': { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
});
const world = await makeWorld();
try {
  const { faults, missing } = matrixOf(world, { quick, firstStart: rest['first-start'] });
  const chosen = faults.filter((fault) => `${fault.stage} ${fault.kind} ${fault.name}`.includes(only));
  const tried = await tryFaults(chosen, ({ fault, found }) => {
    process.stderr.write(`${fault.stage}: ${fault.name}: ${found}\n`);
  });
  const rows = tried.map(({ fault, found }) => [
    fault.stage,
    fault.kind,
    fault.name,
    fault.expected.join(' or '),
    found,
    isAsExpected({ fault, found }) ? '' : 'NO',
  ]);
  const wrong = tried.filter((one) => !isAsExpected(one));
  process.stdout.write(markdownTable(['stage', 'kind', 'fault', 'expected', 'found', ''], rows, 'left'));
  for (const what of missing) process.stdout.write(`\nnot made: ${what}`);
  process.stdout.write(`\n${tried.length} faults, ${wrong.length} not as expected: ${summary(chosen)}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  world.close();
}

/** How many faults of each stage. */
function summary(faults: readonly Fault[]): string {
  const stages = ['build', 'start', 'serve', 'drain'] as const;
  return stages.map((stage) => `${faults.filter((fault) => fault.stage === stage).length} ${stage}`).join(', ');
}
