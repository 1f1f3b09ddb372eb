/** A pipeline that follows the `vocabulary` collection: when that changes, the next query is answered by one made anew. */
import type { Pipeline, RewriterParts } from '../rewrite/pipeline.ts';
import { createRewriter } from '../rewrite/pipeline.ts';
import { type Vocabulary, withVocabulary } from './overlay.ts';

/** Where the vocabulary comes from; `services/rules` answers from LMDB. */
export interface VocabularySource {
  /** Changes whenever the vocabulary does; 0 while there is none. Cheap: it is asked for at every query. */
  vocabularyGeneration(): number;
  /** Undefined when it cannot be read: then the one before holds. */
  vocabulary(): Vocabulary | undefined;
}

/**
 * Makes the pipeline. One made anew takes some 10 ms, 60 us a term more, and begins with nothing remembered; queries in progress end in the one
 * they began with.
 */
export function createLivePipeline(parts: RewriterParts, source: VocabularySource): Pipeline {
  let generation = source.vocabularyGeneration();
  let pipeline = made() ?? createRewriter(parts);
  /** Time spent in the pipelines of before. */
  let earlierMs: ReadonlyMap<string, number> = new Map();

  function made(): Pipeline | undefined {
    const vocabulary = source.vocabulary();
    if (vocabulary === undefined) return undefined;
    if (vocabulary.length === 0) return createRewriter(parts);
    return createRewriter({ ...parts, stores: withVocabulary(parts.stores, vocabulary) });
  }
  function current(): Pipeline {
    const now = source.vocabularyGeneration();
    if (now === generation) return pipeline;
    generation = now;
    const next = made();
    if (next === undefined) return pipeline;
    earlierMs = stepMs();
    pipeline = next;
    return pipeline;
  }
  function stepMs(): ReadonlyMap<string, number> {
    return new Map([...pipeline.stepMs()].map(([step, ms]) => [step, ms + (earlierMs.get(step) ?? 0)]));
  }
  return {
    dataset: parts.dataset,
    rewrite: (query, options) => current().rewrite(query, options),
    analyse: (query, options) => current().analyse(query, options),
    wordCosts: (query, options) => current().wordCosts(query, options),
    explore: (query, options) => current().explore(query, options),
    stepMs,
  };
}
