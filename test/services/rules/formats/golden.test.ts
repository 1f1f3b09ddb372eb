import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../data/package-root.ts';
import { exportRules, FORMATS, importRuleFiles } from '../../../../services/rules/formats/registry.ts';
import { canonicalRuleSet, formatRuleSet } from '../../../../services/rules/model/format.ts';
import { parseRuleSetText } from '../../../../services/rules/model/parse.ts';

const FOLDER = join(packageRoot(), 'test', 'golden', 'rules');

/** Samples by format; `emend rules import --format NAME SAMPLE --out NAME.rules.json` makes what they become. */
const SAMPLES = readdirSync(FOLDER).filter((name) => !name.includes('.rules.') && !name.includes('.export.'));

function golden(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

describe('the sample of each format', () => {
  it('is there', () => {
    expect(SAMPLES.map((name) => name.replace(/\.\w+$/, '')).sort()).toEqual(FORMATS.map(({ name }) => name).sort());
  });

  it.each(SAMPLES)('%s becomes the rules that it became before', (name) => {
    const format = name.replace(/\.\w+$/, '');
    const { rules, report } = importRuleFiles(format, [{ name, bytes: readFileSync(join(FOLDER, name)) }]);
    expect(report.errors).toBe(0);
    expect(formatRuleSet(canonicalRuleSet(rules))).toBe(golden(`${format}.rules.json`));
    expect(parseRuleSetText(golden(`${format}.rules.json`), name)).toEqual(rules);
  });

  it.each(FORMATS.filter(({ write }) => write !== undefined).map(({ name }) => name))(
    'is written to %s as before',
    (format) => {
      const rules = parseRuleSetText(golden(`${format}.rules.json`), format);
      const { text, report } = exportRules(format, rules);
      expect([report.part, report.not]).toEqual([0, 0]);
      expect(text).toBe(golden(`${format}.export.txt`));
    },
  );
});
