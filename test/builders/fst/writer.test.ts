import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FstWriter } from '../../../builders/fst/writer.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { openFst } from '../../../stores/fst/reader.ts';
import { codeOf } from '../../support/error-code.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-writer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const a = encodeUtf8('a');
const b = encodeUtf8('b');

describe('FstWriter', () => {
  it('shows the file only when it is finished', () => {
    const path = join(folder, 'x.fst');
    const writer = new FstWriter(path, { valueKind: 'uint' });
    writer.add(a, 0, 1, 7);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.emend-.*\.tmp$/)]);
    const { keyCount, fileBytes } = writer.finish();
    expect(readdirSync(folder)).toEqual(['x.fst']);
    expect([keyCount, openFst(path).header.fileBytes]).toEqual([1, fileBytes]);
    writer.abort();
    expect(readdirSync(folder)).toEqual(['x.fst']);
  });

  it('leaves nothing when it is aborted, and may be aborted twice', () => {
    const writer = new FstWriter(join(folder, 'x.fst'));
    writer.add(a, 0, 1, 1);
    writer.abort();
    writer.abort();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('can be finished once', () => {
    const writer = new FstWriter(join(folder, 'x.fst'));
    writer.finish();
    expect(codeOf(() => writer.finish())).toBe('BUILD_OUTPUT');
  });

  it('goes on after a key that it refused', () => {
    const path = join(folder, 'x.fst');
    const writer = new FstWriter(path, { valueKind: 'uint' });
    writer.add(b, 0, 1, 1);
    expect(codeOf(() => writer.add(a, 0, 1, 2))).toBe('BUILD_KEY_ORDER');
    expect(codeOf(() => writer.add(b, 0, 1, 2))).toBe('BUILD_DUPLICATE_KEY');
    writer.finish();
    expect(openFst(path).find(b, 0, 1)).toBe(1);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses the value %d', (value) => {
    const writer = new FstWriter(join(folder, 'x.fst'), { valueKind: 'uint' });
    expect(codeOf(() => writer.add(a, 0, 1, value))).toBe('BUILD_VALUE');
    writer.abort();
  });

  it('refuses integers among byte strings and the reverse', () => {
    const bytes = new FstWriter(join(folder, 'x.fst'), { valueKind: 'bytes' });
    expect(codeOf(() => bytes.add(a, 0, 1, 1))).toBe('BUILD_VALUE');
    bytes.abort();
    const integers = new FstWriter(join(folder, 'x.fst'), { valueKind: 'uint' });
    expect(codeOf(() => integers.addBytes(a, 0, 1, b, 0, 1))).toBe('BUILD_VALUE');
    integers.abort();
  });

  it('refuses keys that need more memory than it may take', () => {
    const add = (memoryBytes: number): unknown => {
      const writer = new FstWriter(join(folder, 'x.fst'), { memoryBytes });
      const key = new Uint8Array(6);
      const view = new DataView(key.buffer);
      const fill = (): void => {
        for (let i = 0; i < 100_000; i++) {
          view.setUint32(0, i);
          view.setUint16(4, (i * 40_503) & 0xffff);
          writer.add(key, 0, 6, 1);
        }
      };
      const code = codeOf(fill);
      writer.abort();
      return code;
    };
    expect(add(2 ** 20)).toBe('BUILD_LIMIT');
    expect(add(2 ** 26)).toBe('none');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says so when the file cannot be written or put in its place', () => {
    expect(codeOf(() => new FstWriter(join(folder, 'none', 'x.fst')))).toBe('BUILD_OUTPUT');
    const path = join(folder, 'x.fst');
    mkdirSync(join(path, 'in the way'), { recursive: true });
    const writer = new FstWriter(path);
    expect(codeOf(() => writer.finish())).toBe('BUILD_OUTPUT');
    expect(readdirSync(folder)).toEqual(['x.fst']);
  });
});
