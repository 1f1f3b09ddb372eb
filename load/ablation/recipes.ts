/** Datasets with and without each of a recipe's sources, as configurations of `emend build`. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';

/** An input as a configuration lists it, its file by an absolute path. */
type Input = { readonly file: string } & Readonly<Record<string, unknown>>;

/** The lists of a configuration, and what else it has. */
export interface Recipe {
  /** A path, as an absolute one. */
  readonly vectors?: string;
  readonly docs: readonly Input[];
  readonly queries: readonly Input[];
  readonly words: readonly Input[];
  readonly ngrams: readonly Input[];
  readonly misspellings: readonly Input[];
}

const LISTS = ['docs', 'queries', 'words', 'ngrams', 'misspellings'] as const;
/** Lists that tell what follows what. */
const TEXTS = ['docs', 'queries', 'ngrams'] as const;

/** One source of a recipe. */
export interface Source {
  readonly name: string;
  readonly list: (typeof LISTS)[number];
  readonly input: Input;
}

/** Reads a configuration, the bundle in it written out. @param folder what its paths are relative to */
export function readRecipe(path: string, folder = dirname(path)): Recipe {
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const bundle = join(packageRoot(), 'data', 'languages', 'en', 'dataset.json');
  const below = config['bundled'] === true && resolve(path) !== bundle ? readRecipe(bundle) : undefined;
  const lists = LISTS.map((list) => {
    const items = ((config[list] ?? []) as (string | Input)[]).map((item) =>
      typeof item === 'string' ? { file: item } : item,
    );
    return [list, [...(below?.[list] ?? []), ...items.map((item) => ({ ...item, file: resolve(folder, item.file) }))]];
  });
  const { vectors } = config;
  const ownVectors = typeof vectors === 'string' ? resolve(folder, vectors) : below?.vectors;
  const recipe = Object.fromEntries(lists) as Recipe;
  return ownVectors === undefined ? recipe : { ...recipe, vectors: ownVectors };
}

/** The sources that tell of pairs, or weigh single words: what a recipe can be made without. */
export function sourcesOf(recipe: Recipe): Source[] {
  return (['docs', 'queries', 'ngrams', 'words'] as const).flatMap((list) =>
    recipe[list]
      .filter((input) => input['weight'] !== 0)
      .map((input) => ({ name: input.file.replace(/^.*[/\\]/, '').replace(/\.[a-z]+(\.gz)?$/, ''), list, input })),
  );
}

/** Whether a source tells what follows what. */
export function tellsPairs({ list }: Source): boolean {
  return TEXTS.some((text) => text === list);
}

/** The recipe without one source. */
export function leaveOut(recipe: Recipe, source: Source): Recipe {
  return { ...recipe, [source.list]: recipe[source.list].filter((input) => input !== source.input) };
}

/** The recipe's words, with one source alone to tell what follows what. */
export function takeAlone(recipe: Recipe, source: Source): Recipe {
  return { ...recipe, docs: [], queries: [], ngrams: [], [source.list]: [source.input] };
}
