/** From weighed readings to the answer: which one is offered, how surely, and what to search for. */

import { UNKNOWN_ID } from '../../stores/lexicon/format.ts';
import type { Alternative, Decision, Edit, RewriteAnswer } from './answer.ts';
import { autoThreshold, type Weighed, weigh } from './confidence.ts';
import type { RewriteContext } from './context.ts';
import { type DraftEdit, type Reading, splice, toReading } from './edits.ts';
import type { Resources } from './worker.ts';

/** The part of an answer that the decision makes. */
export type Composed = Pick<
  RewriteAnswer,
  | 'rewritten'
  | 'decision'
  | 'confidence'
  | 'search'
  | 'suggestion'
  | 'highlighted'
  | 'edits'
  | 'alternatives'
  | 'otherMass'
>;

/** Composes the answer from the decoded readings, or from the override that took their place. */
export function compose(context: RewriteContext, resources: Resources): Composed {
  if (context.override !== undefined) return composeOverride(context.override);
  if (context.paths.length === 0) return unchanged(context.query, 1, [], 0);

  const readings = distinctReadings(context);
  const scores = readings.map((reading) => resources.ranker.score(reading, context, resources));
  const { parameters } = resources;
  const { weighed, otherMass } = weigh(context.query, readings, scores, parameters, context.options.errorRate);
  const keep = weighed.find((candidate) => candidate.reading.text === context.query)!;
  const best = weighed[0]!;
  const offered = best !== keep && best.probability > parameters.suggestAbove;
  const rest = weighed.filter((candidate) => candidate !== keep && !(offered && candidate === best));
  const listed = rest.slice(0, context.options.alternatives);
  const left = rest.slice(listed.length).reduce((sum, candidate) => sum + candidate.probability, otherMass);
  const alternatives = listed.map((candidate) => toAlternative(candidate, weighed, context, resources));
  if (!offered) return unchanged(context.query, keep.probability, alternatives, left);

  const edits = toEdits(best.reading, weighed, context, resources);
  const sure = edits.filter((edit) => edit.decision === 'auto');
  const decision: Decision = sure.length === edits.length ? 'auto' : 'suggest';
  const search = splice(context.query, sure);
  return {
    rewritten: best.reading.text,
    decision,
    confidence: best.probability,
    search,
    suggestion: search === best.reading.text ? null : best.reading.text,
    highlighted: highlight(best.reading.text, edits),
    edits,
    alternatives,
    otherMass: left,
  };
}

function unchanged(query: string, confidence: number, alternatives: Alternative[], otherMass: number): Composed {
  return {
    rewritten: query,
    decision: 'none',
    confidence,
    search: query,
    suggestion: null,
    highlighted: escapeHtml(query),
    edits: [],
    alternatives,
    otherMass,
  };
}

function composeOverride(edit: Edit): Composed {
  return {
    rewritten: edit.to,
    decision: 'auto',
    confidence: 1,
    search: edit.to,
    suggestion: null,
    highlighted: highlight(edit.to, [edit]),
    edits: [edit],
    alternatives: [],
    otherMass: 0,
  };
}

/** The readings by text: of those that read the same, the cheapest. */
export function distinctReadings(context: RewriteContext): Reading[] {
  const byText = new Map<string, Reading>();
  for (const path of context.paths) {
    const reading = toReading(context.query, context.slots, path);
    if (!byText.has(reading.text)) byText.set(reading.text, reading);
  }
  return [...byText.values()];
}

function toAlternative(
  candidate: Weighed,
  weighed: readonly Weighed[],
  context: RewriteContext,
  resources: Resources,
): Alternative {
  return {
    query: candidate.reading.text,
    confidence: candidate.probability,
    edits: toEdits(candidate.reading, weighed, context, resources),
  };
}

function toEdits(reading: Reading, weighed: readonly Weighed[], context: RewriteContext, resources: Resources): Edit[] {
  const threshold = autoThreshold(context.options.costOfBreaking);
  let shift = 0;
  return reading.edits.map((draft) => {
    const confidence = Math.min(1, probabilityOf(draft, weighed));
    const slots = context.slots.slice(draft.arc.from, draft.arc.to);
    const isKnown = slots.every((slot) => slot.known);
    const edit: Edit = {
      offset: draft.offset,
      length: draft.length,
      from: context.query.slice(draft.offset, draft.offset + draft.length),
      to: draft.to,
      rewrittenOffset: draft.offset + shift,
      rewrittenLength: draft.to.length,
      kind: draft.kind,
      worker: 'spell',
      decision: confidence > threshold && !isKnown ? 'auto' : 'suggest',
      confidence,
      evidence: {
        errorLogP: rounded(-draft.arc.channelCost),
        lmDelta: rounded(languageGain(draft, reading, weighed, context)),
        fromFrequency: frequency(slots[0]!.id, resources),
        toFrequency: Math.min(...draft.arc.ids.map((id) => frequency(id, resources))),
        distance: draft.arc.distance,
        fromKnown: isKnown,
      },
    };
    shift += draft.to.length - draft.length;
    return edit;
  });
}

/** P(the edit is right): of all readings that make it. */
function probabilityOf(draft: DraftEdit, weighed: readonly Weighed[]): number {
  let sum = 0;
  for (const { reading, probability } of weighed) {
    const makesIt = reading.edits.some(
      (edit) => edit.offset === draft.offset && edit.length === draft.length && edit.to === draft.to,
    );
    if (makesIt) sum += probability;
  }
  return sum;
}

/** How much better the language model likes the reading than the query as typed, in nats, unknown words included. */
function languageGain(
  _draft: DraftEdit,
  reading: Reading,
  weighed: readonly Weighed[],
  context: RewriteContext,
): number {
  const keep = weighed.find((candidate) => candidate.reading.text === context.query);
  if (keep === undefined) return 0;
  return languageCost(keep.reading) - languageCost(reading);
}

function languageCost(reading: Reading): number {
  return reading.path.arcs.reduce((sum, arc) => sum + arc.unknownCost, reading.path.languageCost);
}

/** Occurrences in a thousand million words. */
function frequency(id: number, resources: Resources): number {
  return id === UNKNOWN_ID ? 0 : Math.round(1e9 * Math.exp(-resources.languageModel.unigramCost(id)));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The rewritten query as HTML, what was changed in `<em>`. */
function highlight(rewritten: string, edits: readonly Edit[]): string {
  let html = '';
  let at = 0;
  for (const edit of edits) {
    const end = edit.rewrittenOffset + edit.rewrittenLength;
    html += escapeHtml(rewritten.slice(at, edit.rewrittenOffset));
    if (end > edit.rewrittenOffset) html += `<em>${escapeHtml(rewritten.slice(edit.rewrittenOffset, end))}</em>`;
    at = end;
  }
  return html + escapeHtml(rewritten.slice(at));
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]!);
}
