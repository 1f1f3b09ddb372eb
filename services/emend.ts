#!/usr/bin/env node
import { packageVersion } from '../data/package-root.ts';
/**
 * The `emend` program: the table of commands, and `process` handed to the one that is named.
 *
 * The one file that joins services and builders, always by dynamic import: `emend serve` on a built dataset loads no
 * build code, and no command loads another's.
 */
import type { CommandDeps, CommandIo, CommandModule } from './command.ts';
import type { AuditDeps } from './commands/audit.ts';
import { type CommandEntry, dispatch } from './dispatch.ts';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'serves rewriting over HTTP',
    outlivesReader: true,
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'proxy',
    summary: 'stands in front of a search engine and rewrites the requests that a file names',
    outlivesReader: true,
    load: () => import('./commands/proxy.ts'),
  },
  {
    name: 'build',
    summary: 'builds a dataset version from documents, query logs and word lists',
    load: () => import('../builders/commands/build.ts'),
  },
  {
    name: 'import',
    summary: 'turns the search logs of other tools into a query log',
    load: () => import('../builders/commands/import.ts'),
  },
  {
    name: 'audit',
    summary: 'writes a page about what would change of your own search log',
    load: () => withBuilders(async () => (await import('./commands/audit.ts')).auditWith),
  },
  {
    name: 'gate',
    summary: 'compares two dataset versions over a query log, for CI',
    load: () => withBuilders(async () => (await import('./commands/gate.ts')).gateWith),
  },
  {
    name: 'dataset',
    summary: 'inspects or verifies a dataset version',
    load: () => import('../builders/commands/dataset.ts'),
  },
  {
    name: 'rewrite',
    summary: 'rewrites one query, or one query a line',
    load: () => import('./commands/rewrite.ts'),
  },
  {
    name: 'why',
    summary: 'tells why a query was not rewritten as wanted, and what to do',
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'eval',
    summary: 'measures how many queries are fixed and how many are broken',
    load: () => import('./commands/eval.ts'),
  },
  {
    name: 'tune',
    summary: 'fits weights, confidence and threshold to your own queries',
    load: () => import('./commands/tune.ts'),
  },
  {
    name: 'rules',
    summary: 'adds, removes, imports and lists rules: protected terms, blocked corrections, overrides, rude words',
    load: () => import('./commands/rules.ts'),
  },
  {
    name: 'keys',
    summary: 'adds, lists and revokes the keys of the admin port',
    load: () => import('./commands/keys.ts'),
  },
  {
    name: 'data',
    summary: 'looks into live collections and changes them: lists, sets and maps',
    load: () => import('./commands/data.ts'),
  },
  {
    name: 'store',
    summary: 'makes, reads and verifies single look-up stores',
    load: () => import('../builders/commands/store.ts'),
  },
];

/** A command of the running side that also builds and reads logs. */
async function withBuilders(
  load: () => Promise<(args: string[], io: CommandIo, deps: AuditDeps) => Promise<number>>,
): Promise<CommandModule> {
  const runWith = await load();
  return {
    run: (args, io, deps) =>
      runWith(args, io, {
        ...deps,
        build: async (buildArgs, buildIo) =>
          await (await import('../builders/commands/build.ts')).run(buildArgs, buildIo),
        readLog: async (spec, { cwd }, skipInvalid, take) => {
          const { readQueryLog } = await import('../builders/import/read-query-log.ts');
          await readQueryLog(spec, cwd, skipInvalid, take);
        },
      }),
  };
}

const DEPS: CommandDeps = {
  ensureBundled: async (io, cacheDir) => {
    const { ensureBundled } = await import('../builders/build/bundled.ts');
    return await ensureBundled(io, cacheDir);
  },
  stageDataset: async (target) => {
    const { Staging } = await import('../builders/build/staging.ts');
    return new Staging(target);
  },
};

const outlivesReader = COMMANDS.some(({ name, outlivesReader }) => name === process.argv[2] && outlivesReader === true);
let isTold = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (outlivesReader) {
      // Once, and only where it can be told.
      if (!isTold && stream === process.stdout)
        process.stderr.write(`emend: writing the log: ${error.message}; going on without\n`);
      isTold = true;
      return;
    }
    // A reader that closes early, as in `emend rewrite < log | head`, is not an error.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

// Errors that no command caught: still one line, and exit code 1.
process.on('uncaughtException', (error) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`emend: unexpected error: ${message.split('\n', 1)[0]}\n`);
  if (process.env['EMEND_DEBUG']) process.stderr.write(`${stack ?? ''}\n`);
  process.exit(1);
});

process.exitCode = await dispatch(
  process.argv.slice(2),
  { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() },
  { commands: COMMANDS, deps: DEPS, version: packageVersion },
);
