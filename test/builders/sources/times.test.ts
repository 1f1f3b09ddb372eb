import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { streamInput } from '../../../builders/sources/input.ts';
import { readQueries } from '../../../builders/sources/queries.ts';
import { parseTime } from '../../../builders/sources/times.ts';
import { packageRoot } from '../../../data/package-root.ts';

const NOON = Date.UTC(2024, 2, 31, 12);

describe('parseTime', () => {
  it.each([
    '2024-03-31T12:00:00Z',
    '2024-03-31t12:00:00z',
    '2024-03-31 12:00:00',
    '2024-03-31 12:00:00 UTC',
    ' 2024-03-31T12:00 ',
    '2024-03-31T14:00:00+02:00',
    '2024-03-31T14:00:00+0200',
    '2024-03-31 14:00:00+02',
    '2024-03-31 06:30:00 -05:30',
    '2024-03-31T12:00:00.000',
    '2024-03-31T12:00:00,000000Z',
    '20240331120000',
    '20240331T120000',
    '20240331T120000Z',
    '20240331120000000',
    '1711886400',
    '1711886400.000',
    '1711886400000',
    '1711886400000000',
    '1711886400000000000',
  ])('reads %j as the same time wherever it is read', (text) => {
    expect(parseTime(text)).toBe(NOON);
  });

  it('reads days alone and fractions of seconds', () => {
    expect(parseTime('2024-03-31')).toBe(Date.UTC(2024, 2, 31));
    expect(parseTime('20240331')).toBe(Date.UTC(2024, 2, 31));
    expect(parseTime('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
    expect(parseTime('2024-03-31 12:00:00,678')).toBe(NOON + 678);
    expect(parseTime('2024-03-31 12:00:00.678901')).toBeCloseTo(NOON + 678.901, 3);
    expect(parseTime('1711886400.5')).toBe(NOON + 500);
    expect(parseTime('1711886400000678')).toBeCloseTo(NOON + 0.678, 3);
    expect(parseTime('20240331120000678')).toBe(NOON + 678);
    expect(parseTime('2016-12-31T23:59:60Z')).toBe(Date.UTC(2017, 0, 1));
    expect(parseTime('0')).toBe(0);
    expect(parseTime('60')).toBe(60_000);
  });

  it.each([
    '14/Nov/2023:10:00',
    '14/Nov/2023:10:00:00 +0000',
    '31.03.2024 12:00',
    '03/31/2024',
    'Sun, 31 Mar 2024 12:00:00 GMT',
    'March 31, 2024',
    'soon',
    '-',
    '-5',
    '1e9',
    '12:00:00',
    '2024-02-30',
    '2024-13-01',
    '2024-03-31T25:00:00Z',
    '2024-03-31T12:61:00Z',
    '2024-03-31T12:00:00+99:00',
    '20240231120000',
    '99999999999999',
    '0000-00-00 00:00:00',
    '2024-03',
    '17118864000000000000',
  ])('refuses %j by name', (text) => {
    expect(() => parseTime(text)).toThrow(`found ${JSON.stringify(text)}`);
  });
});

describe('the times of a query log', () => {
  const read = (name: string, text: string, skip = false) => {
    const invalid = { skip, count: 0, first: '' };
    const input = { ...streamInput(Readable.from([Buffer.from(text)])), name, label: name };
    return readQueries(input, { bytes: 0, sha256: '' }, { invalid }, () => undefined);
  };

  it.each([
    ['a.tsv', 'query\ttime\nred\t\nblue\t14/Nov/2023:10:00\n', ':3: expected a time.*"14/Nov/2023:10:00"'],
    ['a.jsonl', '{"query": "red", "time": null}\n{"query": "blue", "time": "soon"}\n', ':2: expected a time.*"soon"'],
    [
      'a.jsonl',
      '{"query": "red"}\n{"query": "blue", "time": {"at": 3}}\n',
      ':2: expected a text or a number as "time"',
    ],
    [
      'a.jsonl',
      '{"query": "red"}\n{"query": "blue", "session": ["s"]}\n',
      ':2: expected a text or a number as "session"',
    ],
  ])('are refused where they cannot be read: %s %j', async (name, text, message) => {
    await expect(read(name, text)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(new RegExp(message)),
    });
    expect(await read(name, text, true)).toBe(1);
  });

  it('give the same dataset in every time zone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emend-times-'));
    try {
      const rows = ['query\tsession\ttime\thits', 'football\ts0\t\t50'];
      for (let session = 1; session <= 9; session++) {
        rows.push(`fotball\ts${session}\t2024-03-31 0${session}:59:00\t3`);
        rows.push(`football\ts${session}\t2024-03-31T0${session + 1 < 10 ? session + 1 : 9}:01:00Z\t50`);
      }
      writeFileSync(join(folder, 'log.tsv'), `${rows.join('\n')}\n`);
      const manifests = ['UTC', 'Asia/Tokyo', 'Europe/Berlin', 'America/New_York'].map((zone) => {
        const out = join(folder, zone.replace('/', '-'));
        const program = join(packageRoot(), 'dist', 'services', 'emend.js');
        const args = [program, 'build', '--out', out, '--queries', join(folder, 'log.tsv')];
        const { status, stderr } = spawnSync(process.execPath, args, { env: { ...process.env, TZ: zone } });
        expect([status, stderr.toString()]).toEqual([0, '']);
        return readFileSync(join(out, 'manifest.json'), 'utf8');
      });
      expect(new Set(manifests).size).toBe(1);
      // What was put right within two minutes is known.
      expect(manifests[0]).toContain('"misspellings"');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
