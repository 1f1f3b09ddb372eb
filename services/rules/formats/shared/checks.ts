/** Rules that can never fire, change nothing, or read as if something else was meant. */
import { termsOf } from '../../collections.ts';
import type { Expression, Rule, SequenceTrigger } from '../../model/rule.ts';
import { parseSequenceText } from '../../model/sequence-text.ts';
import type { FindingCode } from './report.ts';

export interface Doubt {
  readonly code: FindingCode;
  readonly message: string;
}

/** An arrow as people write it by mistake. */
const ARROW = /->|=>|[\u2192\u21d2\u27a1]|(?:^|\s)=(?:\s|$)/;
/** A list where one query is meant. */
const LIST = /[\p{L}\p{N}]\s*[,;|]\s+\S/u;

/** What is doubtful about a rule; a cost of one normalisation a text. */
export function doubtsOf(rule: Omit<Rule, 'id'>): Doubt[] {
  const doubts: Doubt[] = [];
  if (rule.triggers.length === 0) doubts.push({ code: 'NEVER_FIRES', message: 'a rule without a trigger never fires' });
  if (rule.actions.length === 0) doubts.push({ code: 'NO_EFFECT', message: 'a rule without an action does nothing' });
  for (const trigger of rule.triggers) {
    if (trigger.kind === 'sequence') doubts.push(...sequenceDoubts(trigger));
    if (trigger.kind === 'boolean') {
      doubts.push(...sequencesOf(trigger.expression).flatMap(sequenceDoubts));
      if (!hasPositive(trigger.expression, true)) {
        doubts.push({
          code: 'NEVER_FIRES',
          message: 'a condition of NOT alone: write it beside a term that the query must have',
        });
      }
    }
  }
  const idle = synonymOfItself(rule);
  if (idle !== undefined) {
    doubts.push({ code: 'NO_EFFECT', message: `"${idle}" is the same term on both sides once normalised` });
  }
  return doubts;
}

/** The sequences of a condition. */
export function sequencesOf(expression: Expression): Omit<SequenceTrigger, 'kind'>[] {
  if ('sequence' in expression) return [expression.sequence];
  if ('not' in expression) return sequencesOf(expression.not);
  return ('and' in expression ? expression.and : expression.or).flatMap(sequencesOf);
}

/** The terms of a sequence without wildcards and braces. */
export function lettersOf(text: string): string {
  const terms = parseSequenceText(text);
  return typeof terms === 'string' ? text : terms.map((term) => term.text).join(' ');
}

function sequenceDoubts({ text }: { readonly text: string }): Doubt[] {
  const letters = lettersOf(text);
  if (isPlainWord(letters)) return [];
  if (ARROW.test(letters)) {
    return [
      { code: 'SUSPECT', message: `an arrow within "${letters}": it is taken for a part of the term; write "=>"` },
    ];
  }
  if (termsOf(letters) === '' && !text.includes('{')) {
    return [{ code: 'NEVER_FIRES', message: `no letter or digit in "${letters}": no query has such a term` }];
  }
  if (LIST.test(letters)) {
    return [
      { code: 'SUSPECT', message: `a list within "${letters}": it is taken for one query; write one rule for each` },
    ];
  }
  return [];
}

/** Whether some sequence must stand in the query. */
function hasPositive(expression: Expression, positive: boolean): boolean {
  if ('sequence' in expression) return positive;
  if ('not' in expression) return hasPositive(expression.not, !positive);
  return ('and' in expression ? expression.and : expression.or).some((part) => hasPositive(part, positive));
}

/** The term that all of a rule is about, where each of its synonyms is its only trigger. */
function synonymOfItself({ triggers, actions }: Omit<Rule, 'id'>): string | undefined {
  const [trigger] = triggers;
  if (triggers.length !== 1 || trigger?.kind !== 'sequence' || actions.length === 0) return undefined;
  const from = normal(trigger.text);
  const idle = actions.every(
    (action) => action.do === 'synonym' && action.from === undefined && normal(action.to) === from,
  );
  return idle ? lettersOf(trigger.text) : undefined;
}

function normal(text: string): string {
  const letters = text.includes('\\') ? lettersOf(text) : text;
  return isPlainWord(letters) ? letters : termsOf(letters);
}

/** Whether normalising would change nothing. */
function isPlainWord(text: string): boolean {
  return /^[a-z]+(?: [a-z]+)*$/.test(text);
}
