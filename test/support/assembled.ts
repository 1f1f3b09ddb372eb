import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../builders/assemble/assemble.ts';
import type { AssembledFile } from '../../builders/assemble/assembled-file.ts';
import type { CountedSource } from '../../builders/count/counted-source.ts';
import { FstWriter } from '../../builders/fst/writer.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import { readChannel } from '../../stores/channel/group-channel.ts';
import { type Lexicon, openLexicon } from '../../stores/lexicon/lexicon.ts';
import { openStore } from '../../stores/open.ts';
import { MISS, type Store } from '../../stores/store.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { ENGLISH, ENGLISH_FOLDER } from './english.ts';

/** The stores that counted sources were assembled to, open, in a folder of their own. */
export interface AssembledDataset {
  readonly files: readonly AssembledFile[];
  readonly stores: {
    readonly terms: Store;
    readonly ngrams: Store;
    readonly deletes1: Store;
    readonly deletes2: Store;
    readonly lexicon: Lexicon;
  };
  /** The id of a term. */
  idOf(term: string): number | undefined;
  /** The bytes of each file by its name. */
  bytes(): Readonly<Record<string, Buffer>>;
  /** Closes the stores and removes the folder. */
  close(): void;
}

const ENGLISH_CHANNEL = join(ENGLISH_FOLDER, 'models/channel_en.tsv');

/** Assembles sources with FSTs for all stores. */
export async function assembleTiny(sources: readonly CountedSource[]): Promise<AssembledDataset> {
  const folder = mkdtempSync(join(tmpdir(), 'emend-assembled-'));
  const files = await assemble(
    sources,
    folder,
    {
      language: ENGLISH.language,
      channel: { base: { name: 'channel_en.tsv', costs: readChannel(ENGLISH_CHANNEL) }, pairs: [] },
      openWriter: (name, { valueKind }) => ({
        writer: new FstWriter(join(folder, name), { valueKind }),
        file: name,
        kind: 'fst',
      }),
    },
    () => undefined,
  );
  const open = (name: string) => openStore(join(folder, name));
  const stores = {
    terms: open('terms'),
    ngrams: open('ngrams'),
    deletes1: open('deletes1'),
    deletes2: open('deletes2'),
    lexicon: openLexicon(join(folder, 'lexicon.bin'), TEXT_VERSION),
  };
  return {
    files,
    stores,
    idOf(term) {
      const key = encodeUtf8(term);
      const id = stores.terms.find(key, 0, key.length);
      return id === MISS ? undefined : id;
    },
    bytes: () => Object.fromEntries(files.map(({ file }) => [file, readFileSync(join(folder, file))])),
    close() {
      for (const store of [stores.terms, stores.ngrams, stores.deletes1, stores.deletes2]) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
