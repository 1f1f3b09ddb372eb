/** Writing deletion indexes in a thread: what goes there and what comes back. */
import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import type { GroupCost } from '../../stores/channel/format.ts';
import { GroupChannel } from '../../stores/channel/group-channel.ts';
import { type IndexedTerms, type WrittenDeletions, writeDeletions } from '../assemble/deletion-store.ts';
import { encodeTexts } from '../assemble/encoded-texts.ts';
import { SuspectFinder } from '../assemble/suspects.ts';
import type { DeletionIndex } from '../deletes/deletions.ts';
import { Engines } from './engines.ts';
import type { BuildPlan } from './plan.ts';

/** Terms in memory that threads share. */
export interface SharedTerms {
  /** UTF-8 laid end to end: text i is `bytes[starts[i], starts[i + 1])`. */
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly flags: Uint8Array;
  readonly probabilities: Float64Array;
}

export interface DeletionsTask {
  readonly names: readonly DeletionIndex[];
  readonly terms: SharedTerms;
  readonly channel: readonly GroupCost[];
  /** Where the files go, and which engines were asked for. */
  readonly dir: string;
  readonly engines: BuildPlan['engines'];
}

export type DeletionsTaskResult = WrittenDeletions;

/** A copy of terms for threads to read: what becomes of the flags afterwards is not seen there. */
export function shareTerms({ texts, flags, probabilities }: IndexedTerms): SharedTerms {
  const { bytes, starts } = encodeTexts(texts);
  const shared = {
    bytes: new Uint8Array(new SharedArrayBuffer(bytes.length)),
    starts: new Uint32Array(new SharedArrayBuffer(starts.byteLength)),
    flags: new Uint8Array(new SharedArrayBuffer(flags.length)),
    probabilities: new Float64Array(new SharedArrayBuffer(probabilities.byteLength)),
  };
  shared.bytes.set(bytes);
  shared.starts.set(starts);
  shared.flags.set(flags);
  shared.probabilities.set(probabilities);
  return shared;
}

/** Writes the indexes one after another. @param onDone told how far it is: hashes, of 2^32 an index */
export function runDeletionsTask(task: DeletionsTask, onDone: (hashes: number) => void): DeletionsTaskResult {
  const { names, channel, dir } = task;
  const { bytes, starts, flags, probabilities } = task.terms;
  const texts = Array.from({ length: starts.length - 1 }, (_, i) => decodeUtf8(bytes, starts[i]!, starts[i + 1]!));
  const terms = { texts, flags, probabilities };
  const groups = new GroupChannel(channel);
  const engines = new Engines(dir, task.engines);
  try {
    return names.map((name, i) => {
      const suspects = new SuspectFinder(name, terms, groups);
      const file = writeDeletions(name, terms, engines.openWriter, suspects, (hash) => onDone(i * 2 ** 32 + hash));
      return { file, suspects: suspects.found() };
    });
  } finally {
    engines.abort();
  }
}
