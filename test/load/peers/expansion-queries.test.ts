import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeQueries, readQueries } from '../../../load/peers/expansion-queries.ts';
import type { RuleSet } from '../../../services/rules/model/rule.ts';

const RULES: RuleSet = {
  rules: [
    { id: 'a', triggers: [{ kind: 'sequence', text: 'stand mixer' }], actions: [{ do: 'delete' }] },
    { id: 'b', triggers: [{ kind: 'sequence', text: '5\\* hot*' }], actions: [{ do: 'delete' }] },
  ],
};

describe('queries for rules', () => {
  it('are read from lines before a tab, plain or gzipped, each once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emend-expansions-'));
    try {
      writeFileSync(join(folder, 'a.tsv'), 'red  lamp\t7\nsofa\t3\n\n');
      writeFileSync(join(folder, 'b.txt.gz'), gzipSync('sofa\nchair\n'));
      expect(readQueries([join(folder, 'a.tsv'), join(folder, 'b.txt.gz')])).toEqual(['red lamp', 'sofa', 'chair']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are the same of the same seed, and hold the terms of rules more often than not', () => {
    const real = ['red lamp', 'sofa', 'a b c d'];
    const made = makeQueries(real, RULES, 2000, 7);
    expect(made).toEqual(makeQueries(real, RULES, 2000, 7));
    expect(made).not.toEqual(makeQueries(real, RULES, 2000, 8));
    const share = made.filter((query) => /stand mixer|5\* hot/.test(query)).length / made.length;
    expect(share).toBeGreaterThan(0.55);
    expect(share).toBeLessThan(0.65);
    expect(made.filter((query) => real.includes(query)).length).toBeGreaterThan(600);
  });
});
