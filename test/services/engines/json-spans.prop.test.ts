import fc from 'fast-check';
import { findValue, pointerKeys, replaceSpan, setMember } from '../../../services/engines/json-spans.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON of a value with white space wherever it may stand, and some characters escaped that need not be. */
function written(value: Json, space: () => string): string {
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('a', '\\u0061');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = Array.isArray(value)
    ? value.map((each) => written(each, space))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}${space()}:${space()}${written(each, space)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}${space()}${inner.join(`${space()},${space()}`)}${space()}${close}`;
}

/** Every path of a value, with what stands there. */
function paths(value: Json, path: readonly string[] = []): [readonly string[], Json][] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [[path, value], ...below.flatMap(([key, each]) => paths(each as Json, [...path, key]))];
}

const key = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom('a', '"', '\\', '{', '}', '/', '~1', '__proto__', '0'),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1.5e10),
    fc.string({ maxLength: 6 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((pairs) =>
      pairs.reduce<{ [key: string]: Json }>((all, [name, value]) => {
        Object.defineProperty(all, name, { value, enumerable: true, writable: true, configurable: true });
        return all;
      }, {}),
    ),
  ),
})).value;
const text = fc
  .tuple(json, fc.array(fc.constantFrom('', ' ', '\n', '\t\r '), { minLength: 1 }))
  .map(([value, spaces]) => {
    let i = 0;
    return { value, text: ` ${written(value, () => spaces[i++ % spaces.length] ?? '')}\n` };
  });

describe('a value in a JSON text', () => {
  it('is found where a parser finds it, by every path', () => {
    fc.assert(
      fc.property(text, ({ value, text: source }) => {
        for (const [path, there] of paths(value)) {
          const span = findValue(source, path);
          expect(span && JSON.parse(source.slice(span.start, span.end))).toEqual(there);
        }
        expect(findValue(source, ['no', 'such', 'path'])).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('is replaced alone', () => {
    fc.assert(
      fc.property(text, fc.nat(), json, ({ value, text: source }, place, other) => {
        const all = paths(value);
        const [path] = all[place % all.length] ?? [[]];
        const span = findValue(source, path);
        if (span === undefined) throw new Error('not found');
        const changed = replaceSpan(source, span, JSON.stringify(other));
        const found = findValue(changed, path);
        expect(found && JSON.parse(changed.slice(found.start, found.end))).toEqual(JSON.parse(JSON.stringify(other)));
        expect(changed.slice(0, span.start)).toBe(source.slice(0, span.start));
        expect(changed.endsWith(source.slice(span.end))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['{}', '{"k":1}'],
    ['{ }', '{ "k":1}'],
    ['{"a":{"k":2}}', '{"a":{"k":2},"k":1}'],
    ['{"k":2,"a":[] , "k" : [3] }', '{"k":2,"a":[] , "k" : 1 }'],
  ])('is set as a member of %s', (source, expected) => {
    expect(setMember(source, { start: 0, end: source.length }, 'k', '1')).toBe(expected);
  });

  it('has the keys that a pointer names', () => {
    expect(pointerKeys('/a~1b/~0~1/0/')).toEqual(['a/b', '~/', '0', '']);
    expect(pointerKeys('')).toEqual([]);
    expect(pointerKeys('a')).toBeUndefined();
    expect(pointerKeys('/a~2')).toBeUndefined();
  });
});
