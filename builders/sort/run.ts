/**
 * A run: sorted records in a scratch file, read once from front to back.
 *
 *     record = varint  bytes shared with the key before
 *              varint  bytes of the rest of the key
 *              bytes   the rest of the key
 *              varint  value
 *              varint  tag                        in tagged records
 *              varint + bytes  payload            in records with payload
 *
 * No checksum and no version: a run is read by the process that wrote it, minutes later, through the same descriptor.
 */
import { sharedPrefixLength } from '../../stores/bytes/compare.ts';
import { encodeVarint, MAX_VARINT_BYTES, VarintReader } from '../../stores/bytes/varint.ts';
import { type RecordCursor, type RecordShape, withRoom } from './record.ts';
import type { ScratchFile } from './scratch-file.ts';

/** Where a run lies in its file. */
export interface Run {
  readonly file: ScratchFile;
  readonly start: number;
  readonly end: number;
}

const WRITE_BYTES = 1 << 18;

/** Writes one run at the end of a scratch file. */
export class RunWriter {
  readonly #file: ScratchFile;
  readonly #shape: RecordShape;
  readonly #start: number;
  #buffer: Uint8Array;
  #used: number;
  #previous: Uint8Array;
  #previousEnd: number;

  constructor(file: ScratchFile, shape: RecordShape) {
    this.#file = file;
    this.#shape = shape;
    this.#start = file.size;
    this.#buffer = new Uint8Array(WRITE_BYTES);
    this.#used = 0;
    this.#previous = new Uint8Array(256);
    this.#previousEnd = 0;
  }

  /** Appends the record at which `record` stands. */
  add(record: RecordCursor): void {
    const { key, keyEnd } = record;
    const shared = sharedPrefixLength(this.#previous, 0, this.#previousEnd, key, 0, keyEnd);
    const payloadEnd = this.#shape.payload ? record.payloadEnd : 0;
    const needed = keyEnd - shared + payloadEnd + 5 * MAX_VARINT_BYTES;
    if (this.#used + needed > this.#buffer.length) {
      this.#flush();
      this.#buffer = withRoom(this.#buffer, 0, needed);
    }
    const out = this.#buffer;
    let to = encodeVarint(shared, out, this.#used);
    to = encodeVarint(keyEnd - shared, out, to);
    for (let i = shared; i < keyEnd; i++) out[to++] = key[i]!;
    to = encodeVarint(record.value, out, to);
    if (this.#shape.tagged) to = encodeVarint(record.tag, out, to);
    if (this.#shape.payload) {
      to = encodeVarint(payloadEnd, out, to);
      out.set(record.payload.subarray(0, payloadEnd), to);
      to += payloadEnd;
    }
    this.#used = to;
    const previous = withRoom(this.#previous, shared, keyEnd);
    for (let i = shared; i < keyEnd; i++) previous[i] = key[i]!;
    this.#previous = previous;
    this.#previousEnd = keyEnd;
  }

  finish(): Run {
    this.#flush();
    return { file: this.#file, start: this.#start, end: this.#file.size };
  }

  #flush(): void {
    this.#file.append(this.#buffer, 0, this.#used);
    this.#used = 0;
  }
}

/** Reads one run through a buffer of `bufferBytes`, which grows where a record is larger. */
export class RunReader implements RecordCursor {
  readonly #run: Run;
  readonly #shape: RecordShape;
  readonly #varint: VarintReader;
  #buffer: Uint8Array;
  #at: number;
  #filled: number;
  #position: number;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  tag: number;
  payload: Uint8Array;
  payloadEnd: number;

  constructor(run: Run, shape: RecordShape, bufferBytes: number) {
    this.#run = run;
    this.#shape = shape;
    this.#varint = new VarintReader();
    this.#buffer = new Uint8Array(Math.max(bufferBytes, 5 * MAX_VARINT_BYTES));
    this.#at = 0;
    this.#filled = 0;
    this.#position = run.start;
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
    this.tag = 0;
    this.payload = new Uint8Array(0);
    this.payloadEnd = 0;
  }

  next(): boolean {
    this.#need(1);
    if (this.#at === this.#filled) return false;
    this.#need(2 * MAX_VARINT_BYTES);
    const shared = this.#readVarint();
    const rest = this.#readVarint();
    this.#need(rest + 3 * MAX_VARINT_BYTES);
    const keyEnd = shared + rest;
    const key = withRoom(this.key, shared, keyEnd);
    const buffer = this.#buffer;
    let from = this.#at;
    for (let i = shared; i < keyEnd; i++) key[i] = buffer[from++]!;
    this.#at = from;
    this.key = key;
    this.keyEnd = keyEnd;
    this.value = this.#readVarint();
    if (this.#shape.tagged) this.tag = this.#readVarint();
    if (this.#shape.payload) {
      const length = this.#readVarint();
      this.#need(length);
      this.payload = withRoom(this.payload, 0, length);
      this.payload.set(this.#buffer.subarray(this.#at, this.#at + length));
      this.payloadEnd = length;
      this.#at += length;
    }
    return true;
  }

  #readVarint(): number {
    const value = this.#varint.read(this.#buffer, this.#at, this.#filled);
    this.#at = this.#varint.offset;
    return value;
  }

  /** Brings the next `length` bytes into the buffer, or as many as the run still has. */
  #need(length: number): void {
    if (this.#filled - this.#at >= length || this.#position === this.#run.end) return;
    const kept = this.#filled - this.#at;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(length);
      grown.set(this.#buffer.subarray(this.#at, this.#filled));
      this.#buffer = grown;
    } else {
      this.#buffer.copyWithin(0, this.#at, this.#filled);
    }
    const wanted = Math.min(this.#buffer.length - kept, this.#run.end - this.#position);
    const read = this.#run.file.read(this.#position, this.#buffer, kept, wanted);
    if (read < wanted) throw new Error('a scratch file became shorter while it was read');
    this.#at = 0;
    this.#filled = kept + read;
    this.#position += read;
  }
}
