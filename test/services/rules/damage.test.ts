import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LiveRules, openRules } from '../../../services/rules/live-rules.ts';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { TEXT_VERSION } from '../../../stores/text/normalise.ts';

const LIVE_RULES = new URL('../../../dist/services/rules/live-rules.js', import.meta.url);

let folder = '';
let file = '';
let problems: unknown[] = [];
let rules: LiveRules | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-damage-'));
  file = join(folder, 'collections.mdb');
  problems = [];
  const collections = openCollections(folder, { readOnly: false });
  const entries = Array.from({ length: 60 }, (_, i) => ({ key: `key ${i}` }));
  // Twice, so that the older meta page and free pages hold something too.
  for (const detail of [1, 2]) {
    collections.write.replace('protected', { kind: 'set', textVersion: TEXT_VERSION, detail }, entries);
  }
  collections.close();
});

afterEach(() => {
  rules?.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(): LiveRules {
  rules = openRules(folder, { onProblem: (problem) => problems.push((problem as { code?: unknown }).code) });
  return rules;
}

/** Writes a byte in place, as no program should. */
function write(at: number, byte: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Uint8Array.of(byte), 0, 1, at);
  closeSync(descriptor);
}

async function nextTurn(ms = 0): Promise<void> {
  await new Promise((done) => setTimeout(done, ms));
}

/** Where the newer meta page begins. */
function metaAt(bytes: Buffer): number {
  return bytes.readUInt32LE(152) > bytes.readUInt32LE(4096 + 152) ? 0 : 4096;
}

describe('a file that is damaged in place while it is served', () => {
  it('is read no more when LMDB would be led astray, and again when it is whole', async () => {
    const whole = readFileSync(file);
    const live = opened();
    expect(live.isProtected('key 7')).toBe(true);
    await nextTurn();
    // The root of the databases.
    write(metaAt(whole) + 96 + 40 + 2, 0x55);
    expect([live.isProtected('key 7'), live.counts().protected]).toEqual([false, 0]);
    await nextTurn();
    live.isProtected('key 7');
    expect(problems).toEqual(['STORE_CORRUPT']);
    writeFileSync(file, whole);
    for (let i = 0; i < 100 && !live.isProtected('key 7'); i++) await nextTurn(20);
    expect(live.isProtected('key 7')).toBe(true);
  });

  it('is told of when a key is another one, and its other entries hold', async () => {
    const whole = readFileSync(file);
    const live = opened();
    expect(live.isProtected('key 7')).toBe(true);
    await nextTurn();
    // Also where it lies in a page that is free.
    for (let at = whole.indexOf('key 9'); at >= 0; at = whole.indexOf('key 9', at + 1)) write(at + 4, 0x3a);
    live.isProtected('key 8');
    await nextTurn();
    expect(live.isProtected('key 11')).toBe(true);
    expect(problems).toEqual(['STORE_CORRUPT']);
  });

  it('ends no process, wherever it is', () => {
    // In a process of its own, since it would be that one. Every place: `npm run bench -- live-crashes`.
    const program = `
      const { openRules } = await import(${JSON.stringify(LIVE_RULES.href)});
      const { closeSync, openSync, readFileSync, writeFileSync, writeSync } = await import('node:fs');
      const [folder, file] = process.argv.slice(1);
      const whole = readFileSync(file);
      let [seed, told, same] = [1, 0, 0];
      for (let i = 0; i < 150; i++) {
        seed = (seed * 48271) % 2147483647;
        // Half of them among the meta pages.
        const at = i % 2 === 0 ? (seed % 2) * 4096 + (seed >> 4) % 160 : seed % whole.length;
        writeFileSync(file, whole);
        let problems = 0;
        const rules = openRules(folder, { onProblem: () => problems++ });
        rules.isProtected('key 7');
        await new Promise((done) => setImmediate(done));
        const descriptor = openSync(file, 'r+');
        writeSync(descriptor, Uint8Array.of(whole[at] ^ (1 << (i % 8))), 0, 1, at);
        closeSync(descriptor);
        const answers = [];
        for (let request = 0; request < 3; request++) {
          answers.push(rules.isProtected('key 7'));
          await new Promise((done) => setImmediate(done));
        }
        rules.close();
        if (problems > 0) told++;
        else if (answers.every(Boolean)) same++;
        else throw new Error('untold: ' + at);
      }
      console.log(JSON.stringify([told > 10, same > 10, told + same]));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', folder, file], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([child.signal, child.stderr, child.stdout]).toEqual([null, '', '[true,true,150]\n']);
  });
});
