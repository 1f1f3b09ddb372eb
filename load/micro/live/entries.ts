/** The entries that the benchmarks of live data are over: made up, the same in every process. */

/** The key of entry `i`. */
export function keyOf(i: number): string {
  return `term ${(i * 7919) % 1_000_003} ${i.toString(36)}`;
}

/** Its value. */
export function textOf(i: number): string {
  return `replacement ${i}`;
}

/** Entries 0 to `count`, as a collection is given them. */
export function* entries(count: number): Generator<{ key: string; value: string }> {
  for (let i = 0; i < count; i++) yield { key: keyOf(i), value: textOf(i) };
}
