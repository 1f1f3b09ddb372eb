/** A rule set to its compiled form. Some 10 us a rule; see `load/README.md` for measurements. */
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import type { Rule, RuleSet, SequenceTrigger, Trigger } from '../model/rule.ts';
import { ANCHOR_END, ANCHOR_START, AutomatonBuilder } from './automaton-builder.ts';
import { soundRuleSet } from './check.ts';
import { type CompiledColumns, encodeCompiled, TriggerKind } from './format.ts';
import { isTrue, programOf } from './programs.ts';
import { parseSequence, queryTerms } from './sequence.ts';

/** What stands at the beginning of a compiled form, as JSON. */
export type CompiledHead = Omit<RuleSet, 'rules'>;

const ANCHORS = Object.freeze({ any: 0, start: ANCHOR_START, end: ANCHOR_END, both: ANCHOR_START | ANCHOR_END });

/**
 * Compiles a rule set: the same set gives the same bytes. Rules that are not enabled are kept, and never found.
 *
 * @throws {RuleSetError} with all that is wrong with it
 */
export function compileRuleSet(set: RuleSet): Uint8Array {
  return compileSound(soundRuleSet(set));
}

/** As `compileRuleSet`, of a set that was checked. */
export function compileSound(set: RuleSet): Uint8Array {
  const values = new Map(
    Object.entries(set.values ?? {}).map(([name, texts]) => [name, texts.map((value) => queryTerms(value))]),
  );
  const lowering = new Lowering(new AutomatonBuilder(values));
  for (const [i, rule] of set.rules.entries()) {
    if (rule.enabled === false) continue;
    for (const [k, trigger] of rule.triggers.entries()) lowering.add(trigger, i, k);
  }
  const { settings, values: texts, quantities, protectedTerms } = set;
  const head = { settings, values: texts, quantities, protectedTerms };
  return encodeCompiled({ ...lowering.finish(), ...ruleTexts(set.rules), head: encodeUtf8(JSON.stringify(head)) });
}

function ruleTexts(rules: readonly Rule[]): Pick<CompiledColumns, 'rules' | 'ruleStarts'> {
  const texts = rules.map((rule) => encodeUtf8(JSON.stringify(rule)));
  const ruleStarts = new Int32Array(texts.length + 1);
  for (let i = 0; i < texts.length; i++) ruleStarts[i + 1] = ruleStarts[i]! + texts[i]!.length;
  const bytes = new Uint8Array(ruleStarts[texts.length]!);
  for (let i = 0; i < texts.length; i++) bytes.set(texts[i]!, ruleStarts[i]!);
  return { rules: bytes, ruleStarts };
}

/** Triggers to records, sequences to the automaton. */
class Lowering {
  readonly #automaton: AutomatonBuilder;
  readonly #triggers: number[] = [];
  readonly #code: number[] = [];
  readonly #everyQuery: number[] = [];
  readonly #emptyQuery: number[] = [];
  #triggerCount = 0;
  #operandCount = 0;

  constructor(automaton: AutomatonBuilder) {
    this.#automaton = automaton;
  }

  add(trigger: Trigger, rule: number, number: number): void {
    const index = this.#triggerCount++;
    const codeStart = this.#code.length;
    const firstOperand = this.#operandCount;
    if (trigger.kind === 'sequence') this.#addSequence(trigger, index, -1);
    else if (trigger.kind === 'boolean') {
      const { code, sequences } = programOf(trigger.expression);
      this.#code.push(...code);
      for (const sequence of sequences) this.#addSequence(sequence, index, this.#operandCount++);
      // It may be true of a query without any of its sequences: then nothing in the query leads to it.
      if (isTrue(code, 0, code.length, new Uint32Array(sequences.length), 0, 1)) this.#everyQuery.push(index);
    } else if (trigger.kind === 'empty') this.#emptyQuery.push(index);
    else this.#everyQuery.push(index);
    this.#triggers.push(rule, TriggerKind[trigger.kind], number, codeStart, this.#code.length, firstOperand);
  }

  finish(): Omit<CompiledColumns, 'head' | 'rules' | 'ruleStarts'> {
    return {
      ...this.#automaton.finish(),
      triggers: Int32Array.from(this.#triggers),
      code: Int32Array.from(this.#code),
      everyQuery: Int32Array.from(this.#everyQuery),
      emptyQuery: Int32Array.from(this.#emptyQuery),
    };
  }

  #addSequence(sequence: Omit<SequenceTrigger, 'kind'>, trigger: number, operand: number): void {
    const { elements } = parseSequence(sequence.text);
    const reading = {
      plurals: sequence.plurals === true,
      wildcardMayBeEmpty: sequence.wildcardMayBeEmpty === true,
    };
    this.#automaton.add(elements, reading, { trigger, anchor: ANCHORS[sequence.anchor ?? 'any'], operand });
  }
}
