/**
 * What follows what in text, to weigh sources by. No source may judge itself: a word of general text is put to all the
 * sources but the text's own; a word of the owner's text to the owner's source without that word (leaving one out).
 * Where the owner's text has anything to say it decides, queries before documents; what it does not meet stays as the
 * general text has it.
 */

import type { CountedSource } from '../count/counted-source.ts';
import { BUCKETS, bucketOf, fitMultipliers, type Observation } from './mixture.ts';
import { findSorted, ID_SPACE, type SourcePairs, secondOf } from './source-counts.ts';

/** Different pairs taken of each text, spread evenly: enough for some tens of weights. */
const MOST_PAIRS = 20_000;

/**
 * Multipliers of the sources' weights, by bucket, fitted to the texts among the sources.
 *
 * @param perCount g of one count, by source
 */
export function observeText(
  sources: readonly CountedSource[],
  counted: readonly SourcePairs[],
  perCount: readonly number[],
  isOwners: (source: CountedSource) => boolean,
  lowerOf: (id: number) => number,
): Float64Array {
  const observe = (texts: readonly number[], judged: readonly boolean[], isOwnText: boolean) =>
    texts.flatMap((text) => observationsOf(text, counted, perCount, judged, isOwnText, lowerOf));
  const indexes = [...sources.keys()];
  const isText = ({ role }: CountedSource) => role === 'documents' || role === 'queries';
  const general = indexes.filter((s) => isText(sources[s]!) && !isOwners(sources[s]!));
  const queries = indexes.filter((s) => sources[s]!.role === 'queries' && isOwners(sources[s]!));
  const documents = indexes.filter((s) => sources[s]!.role === 'documents' && isOwners(sources[s]!));
  const owners = queries.length > 0 ? queries : documents;
  const neutral = new Float64Array(sources.length * BUCKETS).fill(1);
  const byGeneral = fitMultipliers(
    observe(
      general,
      sources.map((source) => !isOwners(source)),
      false,
    ),
    neutral,
  );
  return fitMultipliers(
    observe(
      owners,
      sources.map(() => true),
      true,
    ),
    byGeneral,
  );
}

function observationsOf(
  text: number,
  counted: readonly SourcePairs[],
  perCount: readonly number[],
  judged: readonly boolean[],
  isOwnText: boolean,
  lowerOf: (id: number) => number,
): Observation[] {
  const { keys, counts } = counted[text]!;
  const step = Math.max(1, Math.ceil(keys.length / MOST_PAIRS));
  const observations: Observation[] = [];
  for (let i = Math.floor(step / 2); i < keys.length; i += step) {
    const u = Math.floor(keys[i]! / ID_SPACE);
    const lower = lowerOf(secondOf(keys[i]!));
    const buckets = new Int32Array(counted.length).fill(-1);
    const strengths = new Float64Array(counted.length);
    const said = new Float64Array(counted.length);
    counted.forEach((source, s) => {
      const left = s === text ? 1 : 0;
      const contextCount = source.contextCounts[u]! - left;
      if (contextCount <= 0 || !judged[s] || (s === text && !isOwnText)) return;
      const at = findSorted(source.keys, keys[i]!);
      const count = at < 0 ? 0 : source.counts[at]! - left;
      const listed = (source.continued[u]! - left) / contextCount;
      buckets[s] = bucketOf(s, contextCount);
      strengths[s] = perCount[s]! * contextCount;
      said[s] = count / contextCount + (1 - listed) * lower;
    });
    observations.push({ count: counts[i]!, lower, buckets, strengths, said });
  }
  return observations;
}
