import { Counter, Gauge, type Registry } from 'prom-client';
import type { FileFigures, LiveFigures } from './figures.ts';

/** The figures of live collections. All processes of a host read the same ones: of several the greatest counts. */
export function watchLive(registers: Registry[], read: () => LiveFigures | undefined, files?: () => FileFigures): void {
  const perCollection = [
    ['live_collection_entries', 'Entries of a live collection', (one) => one.entries],
    ['live_collection_bytes', 'Bytes of its keys and values', (one) => one.bytes],
    ['live_collection_generation', 'Number of its last change', (one) => one.generation],
    ['live_collection_age_seconds', 'Time since its last change', (one) => (Date.now() - one.changedMs) / 1000],
  ] satisfies [string, string, (one: LiveFigures['collections'][number]) => number][];
  for (const [name, help, value] of perCollection) {
    new Gauge({
      name,
      help,
      labelNames: ['collection'],
      registers,
      aggregator: 'max',
      collect() {
        this.reset();
        for (const one of read()?.collections ?? []) this.set({ collection: one.name }, value(one));
      },
    });
  }
  const ofFolder = [
    ['live_readers', 'Processes that read the folder of live collections', 'readers'],
    ['live_reader_slots', 'How many may read it', 'maxReaders'],
    ['live_file_bytes', 'Bytes of the data file', 'fileBytes'],
    ['live_free_bytes', 'Bytes of its free pages, which later writes use', 'freeBytes'],
    ['live_map_bytes', 'Bytes of address space set aside for it; it grows when more is needed', 'mapBytes'],
    ['live_disk_free_bytes', 'Bytes that its disk has left', 'diskFreeBytes'],
  ] as const;
  for (const [name, help, field] of ofFolder) {
    new Gauge({
      name,
      help,
      registers,
      aggregator: 'max',
      collect() {
        const value = read()?.[field] ?? 0;
        if (Number.isFinite(value)) this.set(value);
      },
    });
  }
  if (files !== undefined) watchFiles(registers, files);
}

function watchFiles(registers: Registry[], read: () => FileFigures): void {
  new Gauge({
    name: 'live_file_error',
    help: '1 when a file of live data could not be imported as it is now',
    labelNames: ['file'],
    registers,
    aggregator: 'max',
    collect() {
      this.reset();
      for (const { file, error } of read().files) this.set({ file }, error === null ? 0 : 1);
    },
  });
  const totals = [
    ['live_imports_total', 'Imports of files that changed a collection', 'imports'],
    ['live_import_failures_total', 'Imports of files that failed', 'failures'],
  ] as const;
  for (const [name, help, field] of totals) {
    new Counter({
      name,
      help,
      registers,
      aggregator: 'max',
      collect() {
        this.reset();
        this.inc(read()[field]);
      },
    });
  }
}
