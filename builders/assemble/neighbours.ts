import { addNeighbours, emptyNeighbours, type NeighbourArrays } from '../../stores/neighbours/format.ts';
import type { LanguageModel } from './model.ts';
import { ID_SPACE, secondOf } from './source-counts.ts';

/** Which terms stand side by side in the model: all its pairs, and the last two terms of all its triples. */
export function neighboursOf(
  model: Pick<LanguageModel, 'pairs' | 'triplePairs' | 'tripleLasts'>,
  termCount: number,
): NeighbourArrays {
  const neighbours = emptyNeighbours(termCount);
  for (const pair of model.pairs) addNeighbours(neighbours, Math.floor(pair / ID_SPACE), secondOf(pair));
  for (let i = 0; i < model.tripleLasts.length; i++) {
    addNeighbours(neighbours, secondOf(model.pairs[model.triplePairs[i]!]!), model.tripleLasts[i]!);
  }
  return neighbours;
}
