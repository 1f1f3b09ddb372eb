import { traced } from '../context.ts';
import { decode } from '../decoder.ts';
import type { Worker } from '../worker.ts';

/** Readings decoded for every query: the alternatives of an answer, and what its confidence is weighed against. */
const BEST_PATHS = 16;

/** Decodes the lattice: which readings of the whole query are the likeliest. */
export const ngramWorker: Worker = {
  name: 'ngram',
  run(context, resources) {
    if (context.override !== undefined || context.slots.length === 0) return;
    const lookups = resources.languageModel.lookups;
    context.paths = decode(context.lattice, resources.languageModel, resources.parameters.languageWeight, BEST_PATHS);
    if (!context.options.explain) return;
    traced(context, 'ngram', 'decoded', {
      arcs: context.lattice.edgeCount,
      lookups: resources.languageModel.lookups - lookups,
      paths: context.paths.slice(0, 8).map((path) => ({
        text: path.arcs.map((arc) => arc.text).join(' '),
        cost: round(path.cost),
        languageCost: round(path.languageCost),
      })),
    });
  },
};

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
