/** Rules as the engine goes by them: read from their JSON when one matches for the first time, and kept. */
import { type CompiledColumns, ruleText, TRIGGER_INTS } from '../compile/format.ts';
import { type Element, parseSequence, queryTerms } from '../compile/sequence.ts';
import type { Action, Anchor, Expression, Rule, Trigger } from '../model/rule.ts';

/** A rule that may act. */
export interface PreparedRule {
  readonly index: number;
  readonly id: string;
  readonly rule: Rule;
  readonly priority: number;
  readonly stop: boolean;
  /** Keys of the request's context, and what each may be. */
  readonly context: readonly (readonly [key: string, values: readonly string[]])[];
  /** Whether it changes the query or leads elsewhere: then it matches what was typed. */
  readonly isEarly: boolean;
  readonly actions: readonly PreparedAction[];
}

export interface PreparedAction {
  readonly action: Action;
  /** Of `from` and `terms`: the elements; undefined where the action has none. */
  readonly elements: readonly Element[] | undefined;
  /** Of a synonym without references: what it says, as terms. */
  readonly terms: readonly string[] | undefined;
}

/** What of a trigger orders its matches and fills texts. */
export interface PreparedTrigger {
  readonly rule: number;
  readonly trigger: Trigger;
  /** Of a sequence. */
  readonly elements: readonly Element[];
  readonly anchor: Anchor;
  readonly hasPlaceholder: boolean;
  /** Of a boolean trigger: the terms of its sequences. */
  readonly terms: ReadonlySet<string>;
}

const NO_TERMS: ReadonlySet<string> = new Set();

/** The rules and triggers of a compiled set. */
export class PreparedRules {
  readonly #columns: CompiledColumns;
  readonly #rules: (PreparedRule | undefined)[] = [];
  readonly #triggers: (PreparedTrigger | undefined)[] = [];

  constructor(columns: CompiledColumns) {
    this.#columns = columns;
  }

  /** Rule `index` of the set. Some 5 us the first time. */
  rule(index: number): PreparedRule {
    const known = this.#rules[index];
    if (known !== undefined) return known;
    const rule = JSON.parse(ruleText(this.#columns, index)) as Rule;
    const prepared: PreparedRule = {
      index,
      id: rule.id,
      rule,
      priority: rule.priority ?? 0,
      stop: rule.stop ?? false,
      context: Object.entries(rule.context ?? {}),
      isEarly: rule.actions.some(({ do: what }) => what === 'replace' || what === 'redirect'),
      actions: rule.actions.map((action) => ({ action, elements: elementsOf(action), terms: fixedTermsOf(action) })),
    };
    this.#rules[index] = prepared;
    return prepared;
  }

  ruleOf(trigger: number): PreparedRule {
    return this.rule(this.#columns.triggers[TRIGGER_INTS * trigger]!);
  }

  trigger(index: number): PreparedTrigger {
    const known = this.#triggers[index];
    if (known !== undefined) return known;
    const { rule } = this.ruleOf(index);
    const trigger = rule.triggers[this.#columns.triggers[TRIGGER_INTS * index + 2]!]!;
    const isSequence = trigger.kind === 'sequence';
    const elements = isSequence ? parseSequence(trigger.text).elements : [];
    const prepared: PreparedTrigger = {
      rule: this.#columns.triggers[TRIGGER_INTS * index]!,
      trigger,
      elements,
      anchor: isSequence ? (trigger.anchor ?? 'any') : 'any',
      hasPlaceholder: elements.some(({ kind }) => kind === 'placeholder'),
      terms: trigger.kind === 'boolean' ? termsOf(trigger.expression) : NO_TERMS,
    };
    this.#triggers[index] = prepared;
    return prepared;
  }
}

function fixedTermsOf(action: Action): readonly string[] | undefined {
  return action.do === 'synonym' && !/[${]/.test(action.to) ? queryTerms(action.to) : undefined;
}

function elementsOf(action: Action): readonly Element[] | undefined {
  if (action.do === 'delete') return action.terms === undefined ? undefined : parseSequence(action.terms).elements;
  const text = 'from' in action ? action.from : undefined;
  return text === undefined ? undefined : queryTerms(text).map((term) => ({ kind: 'term', text: term }) as const);
}

function termsOf(expression: Expression): ReadonlySet<string> {
  const terms = new Set<string>();
  const visit = (node: Expression): void => {
    if ('sequence' in node) for (const term of queryTerms(node.sequence.text)) terms.add(term);
    else if ('and' in node) node.and.forEach(visit);
    else if ('or' in node) node.or.forEach(visit);
  };
  visit(expression);
  return terms;
}
