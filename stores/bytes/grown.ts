/** Arrays of numbers that grow. */
type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** `larger`, which now begins with what `old` holds. */
export function grown<T extends Column>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
