/** A request that is named: its text is looked at, and what the mode says is done. Whatever goes wrong, it is passed on as it came. */
import type { IncomingMessage } from 'node:http';
import type { Reading } from '../engines/reading.ts';
import type { AskedRewriter, AskFailure } from './asked-rewriter.ts';
import { askedMode, isInShare } from './choose.ts';
import { type AnsweredRequest, fillAnswer } from './fill.ts';
import { asItCame, type Exchange, forward, type Hooks, hasBody, type Outgoing, type Relayed } from './forward.ts';
import { gather } from './gather.ts';
import { type RawHeaders, withHeader } from './headers.ts';
import type { PassReason, ProxyRecord } from './record.ts';
import type { NamedRequests, ProxyRules } from './requests-file.ts';
import { type FoundText, findText } from './text-place.ts';
import type { Upstream } from './upstream.ts';

/** What a proxy works with. */
export interface LookDeps {
  readonly rules: ProxyRules;
  readonly rewriter: AskedRewriter;
  readonly upstream: Upstream;
  readonly onUpstreamError: () => void;
}

/** Longest text that is told in a header, escaped. */
const MOST_HEADER = 1_024;

/** Passes a named request on. Settles when its response is over; what became of it is in the record then. */
export async function look(
  exchange: Exchange,
  named: NamedRequests,
  record: ProxyRecord,
  deps: LookDeps,
): Promise<void> {
  const { request } = exchange;
  const hooks: Hooks = { onUpstreamError: deps.onUpstreamError };
  record.mode = askedMode(deps.rules, request) ?? deps.rules.mode;
  const reason = record.mode === 'off' ? undefined : cannotRead(request, deps.rules);
  if (record.mode === 'off' || reason !== undefined) {
    if (reason !== undefined) pass(record, reason);
    return forward(exchange, deps.upstream, asItCame(request), hooks);
  }
  const { chunks, isWhole, isBroken } = await bodyOf(exchange, deps.rules.maxBodyBytes);
  if (isBroken) {
    // The client has gone: there is nobody to answer.
    pass(record, 'broken-off');
    return;
  }
  const untouched = asItCame(request, chunks, !isWhole);
  if (!isWhole) {
    pass(record, 'body-too-large');
    return forward(exchange, deps.upstream, untouched, hooks);
  }
  const body = Buffer.concat(chunks);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  const found = guarded(() => findText(named.text, request.url ?? '', body, isForm));
  if (typeof found === 'string') {
    pass(record, found);
    return forward(exchange, deps.upstream, untouched, hooks);
  }
  record.text = found.text;
  if (askedMode(deps.rules, request) === undefined && !isInShare(deps.rules, request, found.text)) {
    return forward(exchange, deps.upstream, untouched, hooks);
  }
  const startedMs = performance.now();
  const asked = deps.rewriter.ask(found.text, named.syntax, deps.rules.budgetMs);
  if (record.mode === 'rewrite') {
    const answer = await asked;
    record.addedMs += performance.now() - startedMs;
    const outgoing = rewritten(answer, found, untouched, record);
    return forward(exchange, deps.upstream, outgoing, { ...hooks, ...marksOf(record) });
  }
  if (record.mode === 'observe') {
    const noted = asked.then((answer) => observe(answer, record));
    await forward(exchange, deps.upstream, untouched, hooks);
    await noted;
    return;
  }
  // An answer that is to be filled is asked for without compression.
  const plain = { ...untouched, headers: withHeader(untouched.headers, 'Accept-Encoding', undefined) };
  pass(record, 'broken-off');
  const edit: Hooks['edit'] = (answer, headers) =>
    suggest(answer, headers, {
      asked,
      record,
      named,
      rules: deps.rules,
      request,
      sent: { url: untouched.url, body, isForm },
    });
  return forward(exchange, deps.upstream, plain, { ...hooks, edit });
}

/** Why a request cannot be looked into, by its head. */
function cannotRead(request: IncomingMessage, rules: ProxyRules): PassReason | undefined {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'body-encoded';
  if (Number(headers['content-length'] ?? 0) > rules.maxBodyBytes) return 'body-too-large';
  // A signature holds for the bytes that were signed.
  const isSigned =
    headers.authorization?.startsWith('AWS4-') || 'content-md5' in headers || 'content-digest' in headers;
  return isSigned || 'digest' in headers ? 'signed' : undefined;
}

async function bodyOf(exchange: Exchange, maxBytes: number) {
  if (!hasBody(exchange.request)) return { chunks: [], isWhole: true, isBroken: false };
  if (exchange.isWaiting) exchange.response.writeContinue();
  exchange.isWaiting = false;
  return gather(exchange.request, maxBytes);
}

function rewritten(answer: Reading | AskFailure, found: FoundText, untouched: Outgoing, record: ProxyRecord): Outgoing {
  if (typeof answer === 'string') {
    pass(record, answer);
    return untouched;
  }
  record.reading = answer;
  record.outcome = 'unchanged';
  if (answer.search === found.text) return untouched;
  const changed = guarded(() => found.put(answer.search));
  if (typeof changed === 'string') {
    pass(record, changed);
    return untouched;
  }
  record.outcome = 'rewritten';
  const { body, url } = changed;
  const isSized = untouched.headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-length');
  const headers = isSized ? withHeader(untouched.headers, 'Content-Length', `${body.length}`) : untouched.headers;
  return { url, headers, begin: body.length === 0 ? [] : [body], rest: false };
}

function marksOf(record: ProxyRecord): Pick<Hooks, 'marks'> {
  const { reading, text = '' } = record;
  if (record.outcome !== 'rewritten' || reading === undefined) return {};
  const marks = ['X-Emend', 'rewrite'];
  for (const [name, value] of [
    ['X-Emend-From', text],
    ['X-Emend-To', reading.search],
  ] as const) {
    const escaped = encodeURIComponent(value);
    if (escaped.length <= MOST_HEADER) marks.push(name, escaped);
  }
  return { marks };
}

function observe(answer: Reading | AskFailure, record: ProxyRecord): void {
  if (typeof answer === 'string') {
    pass(record, answer);
    return;
  }
  record.reading = answer;
  if (answer.search !== answer.query) record.outcome = 'would-rewrite';
  else record.outcome = answer.suggestion === null ? 'unchanged' : 'would-suggest';
}

interface Suggesting {
  readonly asked: Promise<Reading | AskFailure>;
  readonly record: ProxyRecord;
  readonly named: NamedRequests;
  readonly rules: ProxyRules;
  readonly request: IncomingMessage;
  readonly sent: AnsweredRequest;
}

async function suggest(answer: IncomingMessage, headers: RawHeaders, deps: Suggesting): Promise<Relayed> {
  const { record, rules } = deps;
  const refused = cannotFill(answer, deps);
  if (refused !== undefined) {
    pass(record, refused);
    return { headers, begin: [], rest: true };
  }
  const { chunks, isWhole } = await gather(answer, rules.maxBodyBytes);
  const untouched: Relayed = { headers, begin: chunks, rest: !isWhole };
  if (!isWhole) {
    pass(record, 'answer-too-large');
    return untouched;
  }
  const startedMs = performance.now();
  const reading = await deps.asked;
  if (typeof reading === 'string') {
    record.addedMs += performance.now() - startedMs;
    pass(record, reading);
    return untouched;
  }
  record.reading = reading;
  delete record.reason;
  record.outcome = 'unchanged';
  if (reading.decision === 'none') return untouched;
  const filled = guarded(() => fillAnswer(Buffer.concat(chunks), reading, deps.named, deps.sent));
  record.addedMs += performance.now() - startedMs;
  if (typeof filled === 'string') {
    pass(record, filled);
    return untouched;
  }
  record.outcome = 'suggested';
  const isSized = answer.headers['content-length'] !== undefined;
  const sized = isSized ? withHeader(headers, 'Content-Length', `${filled.length}`) : headers;
  return { headers: [...sized, 'X-Emend', 'suggest'], begin: [filled], rest: false };
}

function cannotFill(answer: IncomingMessage, { request, rules }: Suggesting): PassReason | undefined {
  if (answer.statusCode !== 200) return 'answer-is-error';
  const { headers } = answer;
  const type = headers['content-type'] ?? '';
  // Solr has called its JSON plain text for long.
  if (request.method === 'HEAD' || !/[/+]json\b|^text\/plain\b/i.test(type)) return 'answer-not-json';
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'answer-encoded';
  return Number(headers['content-length'] ?? 0) > rules.maxBodyBytes ? 'answer-too-large' : undefined;
}

function pass(record: ProxyRecord, reason: PassReason): void {
  record.outcome = 'passed';
  record.reason = reason;
}

/** What nobody has foreseen is no reason to lose a request. */
function guarded<T>(run: () => T): T | 'error' {
  try {
    return run();
  } catch {
    return 'error';
  }
}
