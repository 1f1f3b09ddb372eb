import fc from 'fast-check';
import { parseDataName, readDataFile } from '../../../services/live/data-file.ts';
import { findJsonError } from '../../../stores/bytes/json-error.ts';

function read(text: string | Uint8Array, format: 'json' | 'jsonl' | 'txt', kind?: 'list' | 'set' | 'map'): unknown {
  try {
    const file = readDataFile(typeof text === 'string' ? Buffer.from(text) : text, format, 'f', kind);
    return [file.kind, ...[...file.entries].map(({ key, value }) => [key, value])];
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a file of live data', () => {
  it('is a list, a set or a map, by what it holds or by what is asked', () => {
    expect(read('[1, {"a": 2}]', 'json')).toEqual(['list', [undefined, 1], [undefined, { a: 2 }]]);
    expect(read('["a", 1, null]', 'json', 'set')).toEqual(['set', ['a', undefined], [1, undefined], [null, undefined]]);
    expect(read('\uFEFF{"b": 1, "__proto__": 2}', 'json')).toEqual(['map', ['b', 1], ['__proto__', 2]]);
    expect(read('# brands\r\n a b \r\n\n#x\nc', 'txt')).toEqual(['set', ['a b', undefined], ['c', undefined]]);
    expect(read('1\n\n"x"\n', 'jsonl')).toEqual(['list', [undefined, 1], [undefined, 'x']]);
    expect(read('{"key": "k", "value": [1]}\n', 'jsonl', 'map')).toEqual(['map', ['k', [1]]]);
  });

  it('is refused with its place', () => {
    expect(read('{"a": 1,\n "b" 2}', 'json')).toBe('f:2:6: expected ":"');
    expect(read('["a", "b"', 'json')).toBe('f:1:10: expected "," or "]"');
    expect(read('[1,\n2,\n]', 'json')).toBe('f:3:1: expected a value');
    expect(read('', 'json')).toBe('f:1:1: expected a value');
    expect(read('1\n{"a":}\n', 'jsonl')).toBe('f:2:6: expected a value');
    expect(read('7', 'json')).toBe('f:1:1: expected an array or an object, found 7');
    expect(read('[[1]]', 'json', 'set')).toMatch(/^f: member 1 is an array/);
    expect(read('1\n[2]\n', 'jsonl', 'set')).toMatch(/^f:2:1: /);
    expect(read('{"key": 1}\n', 'jsonl', 'map')).toMatch(/^f:1:1: expected \{"key"/);
    expect(read('{}', 'json', 'list')).toMatch(/^f: an object/);
    expect(read(Uint8Array.of(0x61, 0x0a, 0xff), 'txt')).toMatch(/^f:2: this is not UTF-8/);
    expect(read(Uint8Array.of(0xff), 'json')).toMatch(/^f: this is not UTF-8/);
  });

  it('is found wrong exactly where JSON.parse finds it wrong', () => {
    const text = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '\\', '0', '-', '\u0001', '\u007f'))
        .map(([json, at, put]) => {
          const place = at % (json.length + 1);
          return json.slice(0, place) + put + json.slice(place + 1);
        }),
    );
    fc.assert(
      fc.property(text, (json) => {
        let isJson = true;
        try {
          JSON.parse(json);
        } catch {
          isJson = false;
        }
        expect([json, findJsonError(json) === undefined]).toEqual([json, isJson]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the name of a file', () => {
  it.each([
    ['brands.txt', { name: 'brands', format: 'txt', kind: undefined }],
    ['/a/b/prices.map.jsonl', { name: 'prices', format: 'jsonl', kind: 'map' }],
    ['stop-words.set.json', { name: 'stop-words', format: 'json', kind: 'set' }],
    ['Brands.txt', undefined],
    ['brands', undefined],
    ['brands.txt~', undefined],
    ['.brands.txt.swp', undefined],
    ['a.tree.json', undefined],
    ['a.b.map.json', undefined],
  ])('%s', (file, expected) => {
    expect(parseDataName(file)).toEqual(expected);
  });
});
