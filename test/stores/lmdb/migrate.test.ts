import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { closeEnvironment, openEnvironment } from '../../../stores/lmdb/environment.ts';
import { readHead1 } from '../../../stores/lmdb/format-1.ts';
import { OLD_FILE } from '../../../stores/lmdb/migrate.ts';
import { checkPages } from '../../../stores/lmdb/page-check.ts';
import { codeOf } from '../../support/error-code.ts';

/** Rules as a program of format version 1 wrote them. */
const GOLDEN = new URL('../../golden/lmdb-1/data.mdb', import.meta.url);

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-migrate-'));
  cpSync(GOLDEN, join(folder, 'data.mdb'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function contents(): unknown {
  const collections = openCollections(folder, { readOnly: true });
  try {
    collections.verify();
    return {
      protected: [...collections.set('protected')],
      blocked: [...collections.set('blocked')],
      overrides: [...collections.map('overrides')].map(([from, to]) => [from.slice(0, 12), to]),
      details: ['protected', 'blocked', 'overrides'].map((name) => collections.info(name)?.detail),
    };
  } finally {
    collections.close();
  }
}

const EXPECTED = {
  protected: ['new balance', 'ninja foodi'],
  blocked: ['*\trude', 'kohls\tkohl', 'xbox\t*'],
  overrides: [
    ['wi-fi routr', 'Wi-Fi Router'],
    ['qqqqqqqqqqqq', 'Long'],
  ],
  details: [2, 7, 0],
};

describe('collections of format version 1', () => {
  it('are refused by a reader and taken over by a writer', () => {
    expect(codeOf(() => openCollections(folder, { readOnly: true }))).toBe('STORE_VERSION');
    openCollections(folder, { readOnly: false }).close();
    expect(contents()).toEqual(EXPECTED);
    openCollections(folder, { readOnly: false }).close();
    expect(contents()).toEqual(EXPECTED);
  });

  it('leave a file that programs of before refuse, and the way back', () => {
    openCollections(folder, { readOnly: false }).close();
    // What those do first: look at the pages of data.mdb.
    expect(codeOf(() => checkPages(join(folder, 'data.mdb')))).toBe('STORE_VERSION');
    rmSync(join(folder, 'collections.mdb'));
    renameSync(join(folder, OLD_FILE), join(folder, 'data.mdb'));
    expect(readFileSync(join(folder, 'data.mdb')).equals(readFileSync(GOLDEN))).toBe(true);
  });

  it('are marked in the environment too, for programs that have it open', () => {
    const open = openEnvironment(folder, { readOnly: true });
    closeEnvironment(open);
    openCollections(folder, { readOnly: false }).close();
    expect(existsSync(join(folder, 'collections.mdb'))).toBe(true);
    cpSync(GOLDEN, join(folder, 'data.mdb'));
    const again = openEnvironment(folder, { readOnly: true });
    expect(readHead1(again, folder)).toEqual({ version: 1, generation: 3 });
    closeEnvironment(again);
  });

  it('are taken over again when that was stopped before its end', () => {
    openCollections(folder, { readOnly: false }).close();
    cpSync(GOLDEN, join(folder, 'data.mdb'));
    expect(codeOf(() => openCollections(folder, { readOnly: true }))).toBe('STORE_VERSION');
    openCollections(folder, { readOnly: false }).close();
    expect(contents()).toEqual(EXPECTED);
  });

  it('stay as they are when they are damaged', () => {
    const bytes = readFileSync(GOLDEN);
    const at = bytes.indexOf('ninja foodi');
    bytes[at] = 0x4e;
    writeFileSync(join(folder, 'data.mdb'), bytes);
    expect(codeOf(() => openCollections(folder, { readOnly: false }))).toBe('STORE_CORRUPT');
    expect(existsSync(join(folder, 'collections.mdb'))).toBe(false);
    expect(readFileSync(join(folder, 'data.mdb')).equals(bytes)).toBe(true);
  });
});
