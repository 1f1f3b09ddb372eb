import { join } from 'node:path';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import type { OpenWriter } from '../assemble/assembled-file.ts';
import { BlocksWriter, type BlocksWriterOptions } from '../blocks/writer.ts';
import { FstWriter } from '../fst/writer.ts';
import { ScoresWriter } from '../scores/writer.ts';
import type { StoreWriter } from '../store-writer.ts';
import type { Engine, StoreName } from './plan.ts';

/** Vocabularies and n-grams up to this many keys are held in memory whole; larger ones lie on disk, in block files. */
const MEMORY_MAX_KEYS = 8_000_000;

/** Writers of the stores of one dataset, to be given up together when the build fails. */
export class Engines {
  readonly #dir: string;
  readonly #chosen: Readonly<Partial<Record<StoreName, Engine>>>;
  readonly #writers: StoreWriter[];

  constructor(dir: string, chosen: Readonly<Partial<Record<StoreName, Engine>>>) {
    this.#dir = dir;
    this.#chosen = chosen;
    this.#writers = [];
  }

  /** Opens the writer of a store, of the engine that was asked for or else fits its size. */
  readonly openWriter: OpenWriter = (name, expected) => {
    const { valueKind, fixedKeyBytes } = expected;
    const kind = this.#chosen[name as StoreName] ?? engineFor(expected);
    const file = `${name}.${kind}`;
    // Only the keys of terms are text; ids and hashes do not change with the normalisation.
    const options = { valueKind, textVersion: name === 'terms' ? TEXT_VERSION : 0 };
    const path = join(this.#dir, file);
    const writer = openWriter(kind, path, { ...options, keyBytes: fixedKeyBytes ?? 0 });
    this.#writers.push(writer);
    return { writer, file, kind };
  };

  /** Closes the files of writers that did not finish. */
  abort(): void {
    for (const writer of this.#writers) writer.abort();
  }
}

function openWriter(kind: Engine, path: string, options: BlocksWriterOptions): StoreWriter {
  switch (kind) {
    case 'fst':
      return new FstWriter(path, options);
    case 'blocks':
      return new BlocksWriter(path, options);
    case 'scores':
      return new ScoresWriter(path);
  }
}

/**
 * Byte strings under hashed keys share nothing that an automaton could save: a block file behind a filter serves them. Where a
 * mistake in 65,536 look-ups of absent keys does no harm, a score table is smaller and faster than an automaton: see
 * stores/scores/FORMAT.md.
 */
function engineFor({ valueKind, keyCount, fixedKeyBytes, mayMistake }: Parameters<OpenWriter>[1]): Engine {
  const isHashed = valueKind === 'bytes' && fixedKeyBytes !== undefined;
  if (isHashed || keyCount > MEMORY_MAX_KEYS) return 'blocks';
  return mayMistake === true ? 'scores' : 'fst';
}
