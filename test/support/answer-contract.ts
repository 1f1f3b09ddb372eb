/** What holds of every answer, whatever was asked: checked by the tests of the pipeline. */

import type { Edit, RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';

/** Throws, by `expect`, where an answer breaks a promise that callers rely on. */
export function expectSound(answer: RewriteAnswer, options: RewriteOptions): void {
  const { query, edits, rewritten } = answer;
  expect(applied(query, edits)).toBe(rewritten);
  expect(applied(query, edits.filter(isSure))).toBe(answer.search);
  expectEditsSound(answer, edits, rewritten);
  for (const alternative of answer.alternatives) {
    expect(applied(query, alternative.edits)).toBe(alternative.query);
    expectEditsSound(answer, alternative.edits, alternative.query);
  }
  expectDecisionSound(answer);
  expectConfidencesSound(answer, options);
  expectMassSound(answer, options);
  expect(unescaped(answer.highlighted.replaceAll(/<\/?em>/g, ''))).toBe(rewritten);
  for (const text of [rewritten, answer.search, ...answer.alternatives.map((one) => one.query)]) {
    expect(text.isWellFormed()).toBe(true);
  }
}

function isSure(edit: Edit): boolean {
  return edit.decision === 'auto';
}

/** The edits applied from right to left. */
function applied(query: string, edits: readonly Edit[]): string {
  return edits.reduceRight(
    (text, { offset, length, to }) => text.slice(0, offset) + to + text.slice(offset + length),
    query,
  );
}

function expectEditsSound(answer: RewriteAnswer, edits: readonly Edit[], result: string): void {
  let end = 0;
  for (const edit of edits) {
    expect(edit.length).toBeGreaterThan(0);
    expect(edit.offset).toBeGreaterThanOrEqual(end);
    end = edit.offset + edit.length;
    expect(end).toBeLessThanOrEqual(answer.query.length);
    expect(answer.query.slice(edit.offset, end)).toBe(edit.from);
    expect(edit.from).not.toBe(edit.to);
    expect(result.slice(edit.rewrittenOffset, edit.rewrittenOffset + edit.rewrittenLength)).toBe(edit.to);
    expectShare(edit.confidence);
    expect(edit.decision).not.toBe('none');
    if (edit.kind === 'override') continue;
    expect(edit.announce === undefined).toBe(edit.worker !== 'rules');
    for (const { offset, length } of answer.protected) {
      expect(end <= offset || offset + length <= edit.offset).toBe(true);
    }
  }
}

/** Whether an edit is one of spelling, alone or on the way to what a rule made of it: the decision speaks of those. */
function isSpelled({ worker, kind, evidence }: Edit): boolean {
  return worker !== 'rules' || kind === 'override' || evidence['through'] !== undefined;
}

function expectDecisionSound({ query, rewritten, decision, edits, search, suggestion }: RewriteAnswer): void {
  const spelled = edits.filter(isSpelled);
  const sure = spelled.filter(isSure).length;
  expect(decision).toBe(spelled.length === 0 ? 'none' : sure === spelled.length ? 'auto' : 'suggest');
  expect(rewritten === query).toBe(edits.length === 0);
  expect(suggestion).toBe(search === rewritten ? null : rewritten);
}

/** One edit has one confidence and one decision in all of an answer, and is no surer than what makes it. */
function expectConfidencesSound(answer: RewriteAnswer, { costOfBreaking }: RewriteOptions): void {
  const { rewritten, confidence, edits, alternatives, otherMass, decision } = answer;
  const readings = [{ query: rewritten, confidence, edits }, ...alternatives];
  const seen = new Map<string, Edit>();
  for (const edit of readings.flatMap((reading) => reading.edits)) {
    const key = `${edit.offset} ${edit.length} ${edit.to}`;
    const first = seen.get(key) ?? edit;
    seen.set(key, first);
    expect([edit.confidence, edit.decision]).toEqual([first.confidence, first.decision]);
  }
  for (const [key, { confidence: ofEdit, kind, worker, offset: start, length: ofLength }] of seen) {
    if (kind === 'override' || worker === 'rules') continue;
    // What a rule has made of a correction holds the correction, or has taken its place.
    const holds = ({ offset, length, worker: by }: Edit) =>
      by === 'rules' && offset < start + ofLength && start < offset + length;
    const makes = ({ edits: all }: { edits: readonly Edit[] }) =>
      all.some((edit) => `${edit.offset} ${edit.length} ${edit.to}` === key || holds(edit));
    const mass = readings.filter(makes).reduce((sum, reading) => sum + reading.confidence, otherMass);
    expect(ofEdit).toBeLessThanOrEqual(mass + 1e-9);
  }
  // The confidence is of the reading that spelling decided on: of what is suggested in it a rule may have taken the place.
  const isRuled = edits.some(({ worker, kind }) => worker === 'rules' && kind !== 'override');
  if (decision === 'auto' && !isRuled) expect(confidence).toBeGreaterThan(costOfBreaking / (costOfBreaking + 1));
}

function expectMassSound(answer: RewriteAnswer, options: RewriteOptions): void {
  const { query, rewritten, alternatives } = answer;
  const texts = [rewritten, ...alternatives.map((one) => one.query)];
  expect(new Set(texts).size).toBe(texts.length);
  expect(alternatives.length).toBeLessThanOrEqual(options.alternatives);
  const shares = [answer.confidence, ...alternatives.map((one) => one.confidence), answer.otherMass];
  for (const share of shares) expectShare(share);
  const sum = shares.reduce((total, share) => total + share, 0);
  // Of a changed query the unchanged one has what is left of the sum, unless it is an alternative itself.
  if (texts.includes(query)) expect(sum).toBeCloseTo(1, 9);
  else expect(sum).toBeLessThanOrEqual(1 + 1e-9);
}

function expectShare(value: number): void {
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(1 + 1e-12);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function unescaped(html: string): string {
  expect(html).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
  return html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
