/** The one thing to do where a query was not rewritten as wanted. */
import type { RewriteContext } from '../context.ts';
import { type DecisionSources, scoredReadings } from '../decide/compose.ts';
import { weigh } from '../decide/confidence.ts';
import type { Reading } from '../decode/reading.ts';
import type { Obstacle, Remedy, Why } from './account.ts';

/** The greatest share of misspelled queries at which it is worth saying that a reading would be offered. */
const MOST_ERROR_RATE = 0.3;

/** Says what to do. @param wanted the wanted reading, where there is one */
export function remedy(
  account: Omit<Why, 'remedy'>,
  context: RewriteContext,
  sources: DecisionSources,
  wanted: Reading | undefined,
): Remedy {
  const { verdict, query, want, answer, obstacles } = account;
  const override: Remedy = {
    text: 'decide this query by an override',
    command: `emend rules add overrides ${quoted(`${query} => ${want}`)}`,
  };
  switch (verdict) {
    case 'auto':
    case 'none':
      return { text: 'none is needed', command: '' };
    case 'suggest':
      return whatKeepsFromAuto(account, wanted);
    case 'ruled':
      return {
        text: `an override makes it "${answer.rewritten}": change that rule`,
        command: override.command,
      };
    case 'rude':
      return {
        text: 'it puts in a word that is rude: say that the phrase is not, if it is not',
        command: `emend rules add polite ${quoted(want)}`,
      };
    case 'not-proposed':
      return obstacles.length === 0 ? override : forObstacle(obstacles[0]!, override);
    default:
      return wanted !== undefined && wanted.edits.length === 0
        ? keepTyped(answer.rewritten === query ? undefined : account, override)
        : forUnlikely(account, context, sources, wanted, override);
  }
}

/** The query as typed was wanted, and changed. */
function keepTyped(account: Omit<Why, 'remedy'> | undefined, override: Remedy): Remedy {
  if (account === undefined) return override;
  return {
    text: 'protect what was typed, here by an override of the query by itself; a name or word that is right in every query is protected alone',
    command: `emend rules add overrides ${quoted(`${account.query} => ${account.query}`)}`,
  };
}

function whatKeepsFromAuto({ thresholds, answer, wanted }: Omit<Why, 'remedy'>, reading: Reading | undefined): Remedy {
  if (reading?.edits.some((edit) => edit.isKnown || edit.asksFirst)) {
    return { text: 'it is offered; words that are known are never changed unasked but by an override', command: '' };
  }
  const probability = wanted?.probability ?? answer.confidence;
  const cost = Math.floor((10 * probability) / (1 - probability)) / 10;
  return {
    text: `it is offered; made unasked it would be above ${thresholds.auto.toFixed(2)}, or with a lower cost of breaking`,
    command: cost > 0 ? `--cost-of-breaking ${cost}` : '',
  };
}

function forObstacle({ kind, typed, wanted, detail }: Obstacle, override: Remedy): Remedy {
  switch (kind) {
    case 'unknown-word':
      return {
        text: `"${detail}" is in no source of the dataset: add documents or words that have it, or at once`,
        command: `emend rules add vocabulary ${detail.split(' ').map(quoted).join(' ')}`,
      };
    case 'protected':
      return detail === 'protected'
        ? {
            text: `"${typed}" is protected: take the rule out`,
            command: `emend rules remove protected ${quoted(typed)}`,
          }
        : { text: `"${typed}" is not corrected (${detail}): ${override.text}`, command: override.command };
    case 'blocked':
      return {
        text: `a rule blocks "${typed}" => "${wanted}": take it out`,
        command: 'emend rules export --collection blocked',
      };
    case 'word-added':
      return { text: `words are never put in: ${override.text}`, command: override.command };
    case 'word-dropped':
      return { text: `words are never left out: ${override.text}`, command: override.command };
    case 'too-far':
      return { text: `more than two letters differ: ${override.text}`, command: override.command };
    case 'not-proposed':
      return {
        text: `"${wanted}" was not among the candidates for "${typed}": ${override.text}`,
        command: override.command,
      };
  }
}

/** It can be read, and something else is likelier. */
function forUnlikely(
  account: Omit<Why, 'remedy'>,
  context: RewriteContext,
  sources: DecisionSources,
  wanted: Reading | undefined,
  override: Remedy,
): Remedy {
  const { against, features } = account;
  const worst = features.find(({ adds }) => adds < 0);
  const lacked = worst === undefined ? '' : `; most is lost by ${worst.feature} (${worst.adds.toFixed(1)})`;
  const rate = wanted === undefined ? undefined : offeredFrom(wanted, context, sources);
  if (rate !== undefined) {
    return {
      text: `offered where ${(100 * rate).toFixed(0)} % of the queries are misspelled${lacked}`,
      command: `--error-rate ${rate}`,
    };
  }
  const isAgainstTyped = against?.text === context.query;
  const reason = isAgainstTyped ? 'what was typed is likelier' : `"${against?.text ?? ''}" is likelier`;
  return {
    text: `${reason}${lacked}: text or queries that have the wanted words side by side would help; ${override.text}`,
    command: override.command,
  };
}

/** The share of misspelled queries, in whole per cent, from which on a reading is offered; undefined where none is small enough. */
function offeredFrom(wanted: Reading, context: RewriteContext, sources: DecisionSources): number | undefined {
  const { readings, scores } = scoredReadings(context, sources);
  for (let percent = Math.ceil(100 * context.options.errorRate); percent <= 100 * MOST_ERROR_RATE; percent++) {
    const { best } = weigh(context.query, readings, scores, sources.confidence, percent / 100);
    if (best?.reading.text !== wanted.text) return undefined;
    if (best.probability > sources.suggestAbove) return percent / 100;
  }
  return undefined;
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
