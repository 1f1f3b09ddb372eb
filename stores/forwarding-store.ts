import type { BytesRef, Cursor, KeyBatch, Store, StoreKind, StoreMemory, ValueKind } from './store.ts';

/** A store over another: whatever a subclass does not answer itself, the other answers. */
export class ForwardingStore<Inner extends Store = Store> implements Store {
  protected readonly inner: Inner;

  constructor(inner: Inner) {
    this.inner = inner;
  }

  get storeKind(): StoreKind {
    return this.inner.storeKind;
  }

  get valueKind(): ValueKind {
    return this.inner.valueKind;
  }

  get path(): string {
    return this.inner.path;
  }

  get keyCount(): number {
    return this.inner.keyCount;
  }

  find(key: Uint8Array, start: number, end: number): number {
    return this.inner.find(key, start, end);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    return this.inner.findBytes(key, start, end, out);
  }

  findMany(keys: KeyBatch, values: Float64Array): Promise<void> | undefined {
    return this.inner.findMany(keys, values);
  }

  cursor(): Cursor {
    return this.inner.cursor();
  }

  memory(): StoreMemory {
    return this.inner.memory();
  }

  verify(): void {
    this.inner.verify();
  }

  close(): void {
    this.inner.close();
  }
}
