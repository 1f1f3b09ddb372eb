/** From a match to what its rule does: references filled in, terms found. */
import type { FiredAction, Json } from '../../rewrite/rule-engine.ts';
import { filled, type Reference } from '../compile/references.ts';
import { type Element, queryTerms } from '../compile/sequence.ts';
import type { PreparedAction } from './prepared.ts';
import type { Regexes } from './regexes.ts';
import type { Candidate } from './select.ts';

/** The actions of a match on `terms`. Those whose terms the query does not hold are left out. */
export function actionsOf(candidate: Candidate, terms: readonly string[], regexes: Regexes): FiredAction[] {
  const of = (reference: Reference): string | undefined => standsFor(candidate, reference, terms, regexes);
  const made: FiredAction[] = [];
  for (const prepared of candidate.rule.actions) {
    const action = actionOf(prepared, candidate, terms, of);
    if (action !== undefined) made.push(action);
  }
  return made;
}

function actionOf(
  { action, elements, terms: fixed }: PreparedAction,
  candidate: Candidate,
  terms: readonly string[],
  of: (reference: Reference) => string | undefined,
): FiredAction | undefined {
  const { from, to } = candidate;
  switch (action.do) {
    case 'replace': {
      const { whole = false, announce = false } = action;
      const text = filled(action.to, of);
      const at = elements === undefined ? from : findRun(elements, terms, from, to);
      if (at < 0) return undefined;
      const end = elements === undefined ? to : at + elements.length;
      return { do: 'replace', from: whole ? 0 : at, to: whole ? terms.length : end, text, whole, announce };
    }
    case 'synonym': {
      const at = elements === undefined ? from : findRun(elements, terms, from, to);
      if (at < 0) return undefined;
      const end = elements === undefined ? to : at + elements.length;
      const { weight = 1, keepOriginal = true } = action;
      const put = fixed ?? queryTerms(filled(action.to, of));
      return { do: 'synonym', from: at, to: end, terms: put, weight, keepOriginal };
    }
    case 'delete': {
      const gone: number[] = [];
      for (let i = from; i < to; i++) {
        if (elements === undefined || elements.some((element) => isTermOf(element, terms[i]!))) gone.push(i);
      }
      return { do: 'delete', terms: gone, announce: action.announce ?? false };
    }
    case 'boost': {
      const { raw = false, factor = 1, demote = false } = action;
      return { do: 'boost', query: filled(action.query, of), raw, factor, demote };
    }
    case 'filter':
      return { do: 'filter', query: filled(action.query, of), raw: action.raw ?? false };
    case 'decorate':
      return { do: 'decorate', key: action.key ?? null, value: action.value as Json };
    case 'redirect':
      return { do: 'redirect', url: filled(action.to, of) };
    case 'parameters':
      return { do: 'parameters', parameters: action.parameters as Json };
    default:
      return { do: action.do, documents: action.documents as Json };
  }
}

function standsFor(
  { trigger, triggerIndex, from, to, bounds }: Candidate,
  reference: Reference,
  terms: readonly string[],
  regexes: Regexes,
): string | undefined {
  if (trigger.trigger.kind === 'regex') {
    return typeof reference === 'number'
      ? regexes.group(triggerIndex, terms.slice(from, to).join(' '), reference)
      : undefined;
  }
  for (const [i, element] of trigger.elements.entries()) {
    if (typeof reference === 'string') {
      if (element.kind === 'placeholder' && element.name === reference)
        return terms.slice(bounds[i], bounds[i + 1]).join(' ');
      continue;
    }
    if (reference !== 1 || element.kind === 'placeholder' || element.kind === 'term') continue;
    const term = terms[bounds[i]!]!;
    return element.kind === 'prefix'
      ? term.slice(element.text.length)
      : term.slice(0, term.length - element.text.length);
  }
  return undefined;
}

/** Where the elements stand one after the other within [from, to); -1 for nowhere. */
function findRun(elements: readonly Element[], terms: readonly string[], from: number, to: number): number {
  for (let at = from; at + elements.length <= to; at++) {
    if (elements.every((element, i) => isTermOf(element, terms[at + i]!))) return at;
  }
  return -1;
}

function isTermOf(element: Element, term: string): boolean {
  if (element.kind === 'placeholder') return false;
  if (element.kind === 'term') return term === element.text;
  return element.kind === 'prefix' ? term.startsWith(element.text) : term.endsWith(element.text);
}
