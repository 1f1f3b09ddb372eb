import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AuditedChange } from '../../../services/admin/audit-file.ts';
import { history, readRulesFolder } from '../../../services/admin/ledger.ts';
import { liveSet } from '../../../services/admin/live-set.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';

let folder = '';
let program: Compiled;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-killed-'));
  program = await compiledProgram();
}, 120_000);
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

const WRITER = `
  const { writeSync } = await import('node:fs');
  const { withRulesFolder } = await import(process.argv[1] + '/admin/ledger.js');
  const { changeLive } = await import(process.argv[1] + '/admin/live-set.js');
  const { withEdits } = await import(process.argv[1] + '/admin/rule-edits.js');
  const request = { who: { kind: 'command', name: 'writer' }, reason: null, nowMs: Date.now() };
  withRulesFolder(process.argv[2], (collections) => {
    for (let i = 0; ; i++) {
      const rule = { id: 'r' + (i % 4), triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'redirect', to: '/' + process.pid + '/' + i }] };
      const edit = i % 7 === 6 ? { delete: 'r' + (i % 3) } : { put: rule };
      try {
        changeLive(collections, 'test', request, ({ set }) => withEdits(set, { changes: [edit] }));
      } catch (error) {
        if (error.code !== 'ADMIN_NOT_FOUND') throw error;
      }
      if (i === 0) writeSync(1, 'begun');
    }
  });`;

/** Lets a writer work for so many milliseconds from its first change on, and kills it. */
async function writeAndKill(rules: string, ms: number): Promise<void> {
  const services = pathToFileURL(dirname(program.emend)).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, '--', services, rules], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), ms));
  expect(await ended).toBe('SIGKILL');
}

describe('a writer that is killed at any moment', () => {
  it('leaves rules that are exactly what the changes of the log that were made say', async () => {
    const rules = join(folder, 'rules');
    let last = 0;
    for (const ms of [3, 17, 8, 41, 1, 26, 12]) {
      await writeAndKill(rules, ms);
      const { set, entries } = readRulesFolder(rules, (collections) => ({
        set: liveSet(collections).set,
        entries: history(collections, { limit: 1_000_000 })
          .entries.filter(({ made }) => made)
          .toReversed(),
      })) ?? { set: { rules: [] }, entries: [] };
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      const replayed = new Map<string, unknown>();
      for (const { what, after } of entries.flatMap(({ changes }): readonly AuditedChange[] => changes)) {
        if (after === null) replayed.delete(what);
        else replayed.set(what, after);
      }
      expect(Object.fromEntries(replayed)).toEqual(
        Object.fromEntries(set.rules.map((rule) => [`rules/${rule.id}`, rule])),
      );
      expect(entries.length).toBeGreaterThanOrEqual(last);
      last = entries.length;
    }
    expect(last).toBeGreaterThan(5);
  }, 60_000);
});
