import { NUMBER_ID, START_ID } from '../../../stores/lexicon/format.ts';
import { isUnit, MOST_UNIT_LETTERS } from '../../../stores/text/glued-run.ts';
import { isAsciiDigit } from '../../../stores/text/letter-digit-runs.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { ProposalCosts } from './costs.ts';
import type { LetterReadings } from './letter-readings.ts';

/** Letters that one of a part number costs, in nats: it may be any of the alphabet. */
export const CODE_LETTER_COST = 3;
/** What a unit behind a number costs (`500gb`), however long it is: there are some dozens of them. */
const UNIT_COST = 2.5;
/** A single letter is one by chance more often: only these begin what goes on with a word (`4ktv`, `12vbattery`). */
const SHORT_UNIT_COST = 4;
const SHORT_UNITS = 'gkmvwx';
/** Letters before and after the digits of a code that is a part of what was glued: `rtx4090`, `cat5e`. */
const MOST_CODE_LETTERS = 4;
const MOST_TAIL_LETTERS = 2;
/** Ways kept at each place. */
const BEAM = 6;

/** What finding them reads. */
export interface GluedCutSources {
  readonly letterReadings: LetterReadings;
  readonly languageModel: LanguageModel;
  readonly costs: ProposalCosts;
}

/** A way to cut a part number into words and numbers. */
export interface GluedCut {
  /** The words' ids, `NUMBER_ID` for numbers and codes. */
  readonly ids: readonly number[];
  /** The parts as they are written. */
  readonly words: readonly string[];
  /** What slips and codes cost, in nats, without the spaces. */
  readonly cost: number;
  /** Edits of letters. */
  readonly distance: number;
  /** Cost of the parts in a row, and of what else there is. */
  readonly rank: number;
}

/** How many ways are looked for, and how closely. */
export interface GluedEffort {
  readonly count: number;
  /** Edits of each run of letters at most; 0 takes words as they stand. */
  readonly maxEdits: number;
  readonly isSparing: boolean;
}

/**
 * Words and numbers run together: `xbox360controler`, `ps5controller`, `500gbharddrive`. A part number is cut at the borders of its letters
 * and digits where the letters are words, each as it stands, run together or with a slip. Letters may also stay with the digits: those
 * of a short code before them (`ps5`), a unit behind them (`500gb`), one letter (`galaxy s10`). Digits are never changed.
 *
 * Work: at most seven runs, in each of which words begin at its start and behind units, two readings of letters apiece; the readings are counted
 * by who finds them.
 */
export class GluedCuts {
  readonly #sources: GluedCutSources;
  /** The token being cut: its text, where its runs begin, and by place the cheapest ways to reach it. */
  #text = '';
  #runs: readonly number[] = [];
  #ways: Way[][] = [];

  constructor(sources: GluedCutSources) {
    this.#sources = sources;
  }

  /**
   * The likeliest ways to cut a text, at least one part of each a word of its own.
   *
   * @param runs where its runs of letters and digits begin, and where the last ends
   */
  find(text: string, runs: readonly number[], effort: GluedEffort): GluedCut[] {
    this.#text = text;
    this.#runs = runs;
    this.#ways = Array.from({ length: text.length + 1 }, () => []);
    this.#ways[0]!.push(NOTHING);
    for (let run = 0; run + 1 < runs.length; run++) {
      const isNumber = isAsciiDigit(text, runs[run]!);
      const end = isNumber ? runs[run]! + 1 : runs[run + 1]!;
      for (let at = runs[run]!; at < end; at++) {
        if (this.#ways[at]!.length === 0) continue;
        if (isNumber) this.#addNumbers(at, run);
        else this.#addFromLetters(at, run, effort);
      }
    }
    const whole = this.#ways[text.length]!.filter(({ ids }) => ids.length > 1 && ids.some((id) => id !== NUMBER_ID));
    return whole.slice(0, effort.count);
  }

  /** Words from a place within letters to the end of the run, or to its last letter, with which a code may begin. */
  #addFromLetters(at: number, run: number, effort: GluedEffort): void {
    const start = this.#runs[run]!;
    const end = this.#runs[run + 1]!;
    const isBeforeNumber = run + 2 < this.#runs.length;
    // Behind a unit only words as they stand: the whole run was looked at with slips.
    const maxEdits = at === start ? effort.maxEdits : Math.min(1, effort.maxEdits);
    const isSparing = effort.isSparing || at > start;
    const isWord = this.#addWords(at, end, maxEdits, isSparing, isBeforeNumber && at === 0);
    if (!isBeforeNumber) return;
    // The last letter of a word as it stands begins no code: `model425` has no `l425`.
    if (!isWord && end - at > 1) this.#addWords(at, end - 1, 0, true, false);
    if (at === end - 1 || (at === start && end - at <= MOST_CODE_LETTERS)) this.#addNumbers(at, run + 1);
  }

  /** Adds the readings of letters; whether these are one word as it stands, of good standing. */
  #addWords(at: number, end: number, maxEdits: number, isSparing: boolean, isCode: boolean): boolean {
    const { letterReadings } = this.#sources;
    const text = this.#text.slice(at, end);
    // `ps5`, `co2`: two letters that begin a token before a number are no word, nor is a short unit behind one.
    const isUnitBehind = at > 0 && isAsciiDigit(this.#text, at - 1) && isUnit(text);
    if (text.length <= MOST_TAIL_LETTERS && (isCode || isUnitBehind)) return false;
    const readings = letterReadings.find(text, maxEdits, isSparing);
    for (const way of this.#ways[at]!) {
      for (const { ids, words, cost, distance } of readings) this.#add(end, way, ids, words, cost, distance);
    }
    return readings.some(({ words, cost, distance }) => words.length === 1 && distance === 0 && cost === 0);
  }

  /** A number or code that begins at a place and holds the digits of a run. */
  #addNumbers(at: number, digitRun: number): void {
    let codeCost = CODE_LETTER_COST * (this.#runs[digitRun]! - at);
    for (let run = digitRun; ; run += 2) {
      const end = this.#runs[run + 1]!;
      this.#addNumber(at, end, codeCost);
      if (run + 2 >= this.#runs.length) return;
      const tailEnd = this.#runs[run + 2]!;
      for (let to = end + 1; to <= Math.min(tailEnd, end + MOST_UNIT_LETTERS); to++) {
        const unit = this.#text.slice(end, to);
        if (unit.length === 1 && to < tailEnd && !SHORT_UNITS.includes(unit)) continue;
        if (isUnit(unit)) this.#addNumber(at, to, codeCost + (unit.length > 1 ? UNIT_COST : SHORT_UNIT_COST));
      }
      if (tailEnd - end > MOST_TAIL_LETTERS) return;
      codeCost += CODE_LETTER_COST * (tailEnd - end);
      this.#addNumber(at, tailEnd, codeCost);
      if (run + 3 >= this.#runs.length) return;
    }
  }

  #addNumber(at: number, end: number, cost: number): void {
    const text = this.#text.slice(at, end);
    for (const way of this.#ways[at]!) {
      // Where one number ends and the next begins, nothing says.
      if (way.last !== NUMBER_ID) this.#add(end, way, NUMBER_IDS, [text], cost, 0);
    }
  }

  #add(
    place: number,
    way: Way,
    ids: readonly number[],
    words: readonly string[],
    cost: number,
    distance: number,
  ): void {
    const { languageModel, costs } = this.#sources;
    let rank = way.rank + cost + costs.furtherMissingSpace * ids.length;
    let { last } = way;
    for (const id of ids) {
      rank += costs.languageWeight * languageModel.pairCost(last, id);
      last = id;
    }
    const ways = this.#ways[place]!;
    if (ways.length === BEAM && rank >= ways[BEAM - 1]!.rank) return;
    const allWords = [...way.words, ...words];
    const text = allWords.join(' ');
    const same = ways.findIndex((other) => other.words.join(' ') === text);
    if (same >= 0 && ways[same]!.rank <= rank) return;
    if (same >= 0) ways.splice(same, 1);
    let i = ways.length;
    while (i > 0 && ways[i - 1]!.rank > rank) i--;
    ways.splice(i, 0, {
      ids: [...way.ids, ...ids],
      words: allWords,
      cost: way.cost + cost,
      distance: way.distance + distance,
      rank,
      last,
    });
    if (ways.length > BEAM) ways.pop();
  }
}

/** A way to read what stands before a place. */
interface Way extends GluedCut {
  readonly last: number;
}

const NUMBER_IDS: readonly number[] = Object.freeze([NUMBER_ID]);
const NOTHING: Way = Object.freeze({ ids: [], words: [], cost: 0, distance: 0, rank: 0, last: START_ID });
