import type { XXHashAPI } from 'xxhash-wasm';

/** The lower 32 bits of XXH64 of `key[start, end)`, as a signed integer. */
export type XxHash = (key: Uint8Array, start: number, end: number, seed: number) => number;

let loading: Promise<XxHash> | undefined;

/**
 * The hash of the `bloom-filters` package, from WebAssembly. Loaded when first asked for: compiling takes some
 * milliseconds, which a process without such a filter need not spend.
 */
export function loadXxHash(): Promise<XxHash> {
  loading ??= import('xxhash-wasm').then(async (module) => lowHalf(await module.default()));
  return loading;
}

function lowHalf({ h64Raw }: XXHashAPI): XxHash {
  return (key, start, end, seed) => {
    const bytes = start === 0 && end === key.length ? key : key.subarray(start, end);
    return Number(BigInt.asIntN(32, h64Raw(bytes, BigInt(seed))));
  };
}
