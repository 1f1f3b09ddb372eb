import { KeyArena, MAX_ARENA_BYTES } from './key-arena.ts';
import { type RecordCursor, type RecordShape, withRoom } from './record.ts';

/** Bytes a record takes besides its key and payload: start, value, and while sorting its id and cached prefix. */
const BYTES_PER_RECORD = 4 + 8 + 4 + 8;

/** Records in memory, in the order of their arrival, as columns. */
export class RecordBuffer {
  readonly shape: RecordShape;
  readonly #keys: KeyArena;
  readonly #payloads: KeyArena;
  #values: Float64Array;
  #tags: Float64Array;

  constructor(shape: RecordShape) {
    this.shape = shape;
    this.#keys = new KeyArena();
    this.#payloads = new KeyArena();
    this.#values = new Float64Array(1 << 12);
    this.#tags = new Float64Array(shape.tagged ? 1 << 12 : 0);
  }

  get count(): number {
    return this.#keys.count;
  }

  /** Bytes in use, what sorting will need included. */
  get usedBytes(): number {
    const { tagged, payload } = this.shape;
    const perRecord = BYTES_PER_RECORD + (tagged ? 8 : 0) + (payload ? 4 : 0);
    return this.#keys.usedBytes + this.#payloads.usedBytes + this.#keys.count * perRecord;
  }

  /** Whether a record of these lengths can still be addressed. */
  hasRoom(keyLength: number, payloadLength: number): boolean {
    return this.#keys.usedBytes + keyLength <= MAX_ARENA_BYTES && this.#payloads.hasRoom(payloadLength);
  }

  add(key: Uint8Array, start: number, end: number, value: number, tag: number): void {
    const id = this.#keys.append(key, start, end);
    if (id === this.#values.length) this.#grow();
    this.#values[id] = value;
    if (this.shape.tagged) this.#tags[id] = tag;
  }

  /** Gives the record just added its byte string. */
  addPayload(payload: Uint8Array, start: number, end: number): void {
    this.#payloads.append(payload, start, end);
  }

  clear(): void {
    this.#keys.clear();
    this.#payloads.clear();
  }

  /** Sorts, and walks the records in order of keys, equal keys in the order of their arrival. */
  sorted(): RecordCursor {
    return new BufferCursor(this.shape, this.#keys, this.#payloads, this.#values, this.#tags);
  }

  #grow(): void {
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    if (!this.shape.tagged) return;
    const tags = new Float64Array(values.length);
    tags.set(this.#tags);
    this.#tags = tags;
  }
}

class BufferCursor implements RecordCursor {
  readonly #shape: RecordShape;
  readonly #keys: KeyArena;
  readonly #payloads: KeyArena;
  readonly #values: Float64Array;
  readonly #tags: Float64Array;
  readonly #ids: Uint32Array;
  #position: number;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  tag: number;
  payload: Uint8Array;
  payloadEnd: number;

  constructor(shape: RecordShape, keys: KeyArena, payloads: KeyArena, values: Float64Array, tags: Float64Array) {
    this.#shape = shape;
    this.#keys = keys;
    this.#payloads = payloads;
    this.#values = values;
    this.#tags = tags;
    this.#ids = keys.sortedIds();
    this.#position = 0;
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
    this.tag = 0;
    this.payload = new Uint8Array(0);
    this.payloadEnd = 0;
  }

  next(): boolean {
    if (this.#position === this.#ids.length) return false;
    const id = this.#ids[this.#position++]!;
    const { bytes, starts } = this.#keys;
    const start = starts[id]!;
    const end = starts[id + 1]!;
    this.keyEnd = end - start;
    this.key = withRoom(this.key, 0, this.keyEnd);
    const key = this.key;
    for (let i = start, to = 0; i < end; i++, to++) key[to] = bytes[i]!;
    this.value = this.#values[id]!;
    if (this.#shape.tagged) this.tag = this.#tags[id]!;
    if (this.#shape.payload) {
      const payloadStart = this.#payloads.starts[id]!;
      this.payloadEnd = this.#payloads.starts[id + 1]! - payloadStart;
      this.payload = withRoom(this.payload, 0, this.payloadEnd);
      this.payload.set(this.#payloads.bytes.subarray(payloadStart, payloadStart + this.payloadEnd));
    }
    return true;
  }
}
