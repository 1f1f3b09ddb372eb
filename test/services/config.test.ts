import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import { parseConfig, readConfigFile } from '../../services/config.ts';
import { configTable, flagHelp } from '../../services/config-help.ts';
import { SETTINGS } from '../../services/settings.ts';
import { codeOf } from '../support/error-code.ts';

describe('parseConfig', () => {
  it('has a default for every setting, and is frozen', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      port: 8080,
      host: null,
      dataset: null,
      rulesDir: './rules',
      data: null,
      shared: 'auto',
      sharedDir: null,
      dataWaitMs: 10_000,
      keepRemovedDays: 30,
      workers: 1,
      maxQueryBytes: 16_384,
      defaults: { errorRate: 0.06, costOfBreaking: 9, alternatives: 3, maxEdits: 2, syntax: 'plain' },
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.defaults)).toBe(true);
  });

  it('puts flags over the environment over the file over the default', () => {
    const file = { port: 1, maxBatch: 11, cacheBytes: '2MiB' };
    const env = { EMEND_PORT: '2', EMEND_MAX_BATCH: '12' };
    const config = parseConfig(env, { port: '3' }, file);
    expect([config.port, config.maxBatch, config.cacheBytes, config.workers]).toEqual([3, 12, 2 * 2 ** 20, 1]);
  });

  it('reads sizes, switches and lists', () => {
    const config = parseConfig({
      EMEND_CACHE_BYTES: '1 GiB',
      EMEND_LOG_QUERIES: '1',
      EMEND_CORS: 'https://a, https://b',
    });
    expect([config.cacheBytes, config.logQueries, config.cors]).toEqual([2 ** 30, true, ['https://a', 'https://b']]);
  });

  it('takes the rules folder from EMEND_RULES_DIR', () => {
    expect(parseConfig({ EMEND_RULES_DIR: '/r' }).rulesDir).toBe('/r');
  });

  it('takes an empty variable, and the link that Kubernetes makes of a service name, for not set', () => {
    expect(parseConfig({ EMEND_PORT: '' }).port).toBe(8080);
    expect(parseConfig({ EMEND_PORT: 'tcp://10.0.0.1:8080' }).port).toBe(8080);
  });

  it.each([
    ['CONFIG_RANGE', { EMEND_PORT: '70000' }, {}, {}],
    ['CONFIG_RANGE', {}, { port: '-1' }, {}],
    ['CONFIG_TYPE', { EMEND_PORT: 'eighty' }, {}, {}],
    ['CONFIG_TYPE', { EMEND_PORT: '80.5' }, {}, {}],
    ['CONFIG_TYPE', {}, {}, { port: true }],
    ['CONFIG_TYPE', {}, { port: '' }, {}],
    ['CONFIG_TYPE', { EMEND_CACHE_BYTES: '64MB' }, {}, {}],
    ['CONFIG_TYPE', { EMEND_SYNTAX: 'sql' }, {}, {}],
    ['CONFIG_TYPE', {}, {}, { cors: [1] }],
    ['CONFIG_TYPE', {}, {}, { port: null }],
    ['CONFIG_RANGE', { EMEND_ERROR_RATE: '1' }, {}, {}],
    ['CONFIG_UNKNOWN', {}, {}, { prot: 1 }],
    ['CONFIG_UNKNOWN', {}, {}, JSON.parse('{"__proto__": 1}')],
  ])('refuses with %s: %j %j %j', (code, env, flags, file) => {
    expect(codeOf(() => parseConfig(env as Record<string, string>, flags, file))).toBe(code);
  });

  it('names where the value came from, what the setting takes and what was found', () => {
    expect(() => parseConfig({ EMEND_PORT: '70000' })).toThrow(
      'EMEND_PORT: expected a whole number from 0 to 65535, found "70000"',
    );
  });
});

describe('readConfigFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emend-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a JSON object and refuses all else', () => {
    const path = join(folder, 'emend.json');
    writeFileSync(path, '{"port": 9000}');
    expect(parseConfig({}, {}, readConfigFile(path)).port).toBe(9000);
    for (const text of ['', '[]', 'null', '{"port": ']) {
      writeFileSync(path, text);
      expect(codeOf(() => readConfigFile(path))).toBe('CONFIG_FILE');
    }
    expect(codeOf(() => readConfigFile(join(folder, 'absent.json')))).toBe('CONFIG_FILE');
  });
});

describe('the documents of the settings', () => {
  it('docs/configuration.md holds the table that the settings print', () => {
    // Whatever width the formatter gives the columns.
    const plain = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();
    const document = readFileSync(join(packageRoot(), 'docs', 'configuration.md'), 'utf8');
    expect(plain(document)).toContain(plain(configTable()));
  });

  it('the help names every flag and variable', () => {
    const help = flagHelp();
    for (const setting of SETTINGS) {
      expect(help).toContain(`--${setting.flag}`);
      expect(help).toContain(setting.env);
    }
  });
});
