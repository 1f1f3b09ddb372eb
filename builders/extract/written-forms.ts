import { casePattern } from '../../stores/text/case-pattern.ts';
import type { Token } from '../../stores/text/token.ts';

/** How often a text writes a term in one form with capitals inside. Plain data, so that threads can send it. */
export interface WrittenForm {
  readonly term: string;
  /** As it is written: `iPhone`, `PlayStation`. */
  readonly form: string;
  readonly count: number;
}

/** Terms whose forms are counted: a catalogue has some thousand brands written so. */
const MOST_TERMS = 100_000;

/** Counts the forms with capitals inside in which documents write their words. */
export class WrittenForms {
  readonly #forms = new Map<string, Map<string, number>>();

  /** Counts the words among the tokens of `text`. */
  add(text: string, tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.class !== 'word' || !hasInnerCapital(text, token.start, token.end)) continue;
      const form = text.slice(token.start, token.end);
      // What normalising does beyond case would be undone by the form.
      if (form.toLowerCase() !== token.text || casePattern(form) !== 'mixed') continue;
      const known = this.#forms.get(token.text);
      if (known !== undefined) known.set(form, (known.get(form) ?? 0) + 1);
      else if (this.#forms.size < MOST_TERMS) this.#forms.set(token.text, new Map([[form, 1]]));
    }
  }

  /** What was counted, in the order of the first occurrence. */
  list(): WrittenForm[] {
    return [...this.#forms].flatMap(([term, forms]) => [...forms].map(([form, count]) => ({ term, form, count })));
  }
}

/** Whether a letter but the first may be a capital: nearly all words are told by their code units. */
function hasInnerCapital(text: string, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) {
    const unit = text.charCodeAt(i);
    if ((unit >= 0x41 && unit <= 0x5a) || unit >= 0x80) return true;
  }
  return false;
}
