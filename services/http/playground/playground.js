/**
 * The playground: asks `/rewrite` as one types and shows the answer. What comes back is text that strangers typed, so
 * everything is built as text nodes; no HTML is ever parsed.
 */

/** How long typing must pause before the query is sent. */
const PAUSE_MS = 200;

const form = document.getElementById('form');
const input = document.getElementById('q');
const byId = (id) => document.getElementById(id);

let pause = 0;
/** The last request: an answer that comes after a newer question is dropped. */
let asked = new AbortController();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void ask();
});
form.addEventListener('input', () => {
  clearTimeout(pause);
  pause = setTimeout(ask, PAUSE_MS);
});
for (const button of form.querySelectorAll('[data-q]')) {
  button.addEventListener('click', () => {
    input.value = button.dataset.q;
    void ask();
  });
}
addEventListener('hashchange', readHash);
readHash();

/** The query stands in the fragment, which can be shared and is never sent to the server. */
function readHash() {
  const query = new URLSearchParams(location.hash.slice(1)).get('q');
  if (query === null || query === input.value) return;
  input.value = query;
  void ask();
}

async function ask() {
  clearTimeout(pause);
  asked.abort();
  asked = new AbortController();
  const query = input.value;
  history.replaceState(null, '', query === '' ? location.pathname : `#${new URLSearchParams({ q: query })}`);
  if (query === '') {
    byId('result').hidden = true;
    byId('problem').hidden = true;
    return;
  }
  const fields = new FormData(form);
  const body = {
    q: query,
    explain: true,
    alternatives: 8,
    syntax: fields.get('syntax'),
    rude: fields.get('rude'),
    maxEdits: Number(fields.get('maxEdits')),
  };
  for (const name of ['errorRate', 'costOfBreaking'])
    if (fields.get(name) !== '') body[name] = Number(fields.get(name));
  try {
    const response = await fetch('rewrite', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: asked.signal,
    });
    const answer = await response.json();
    if (response.ok) show(answer);
    else showProblem(`${answer.title}: ${answer.detail}`);
  } catch (error) {
    if (error.name !== 'AbortError') showProblem('The service does not answer. Is it still running?');
  }
}

function showProblem(text) {
  byId('result').hidden = true;
  byId('problem').hidden = false;
  byId('problem').textContent = text;
}

function show(answer) {
  byId('problem').hidden = true;
  byId('result').hidden = false;
  const badge = byId('decision');
  badge.textContent = { none: 'nothing to offer', suggest: 'did you mean', auto: 'showing results for' }[
    answer.decision
  ];
  badge.className = `badge ${answer.decision}`;
  byId('rewritten').replaceChildren(...rewrittenNodes(answer));
  byId('confidence').textContent = `${percent(answer.confidence)} sure that this was meant`;
  byId('meter').value = answer.confidence;
  byId('typed').replaceChildren(...typedNodes(answer));
  byId('search').textContent = answer.search;
  byId('suggestion').textContent = answer.suggestion ?? 'no further suggestion';
  byId('reasons').textContent = answer.reasons.join(', ') || 'none given';
  byId('edits').replaceChildren(editsTable(answer.edits));
  byId('readings').replaceChildren(readingsTable(answer));
  byId('protected').replaceChildren(protectedTable(answer));
  byId('trace-count').textContent = `(${answer.trace.length})`;
  byId('trace').replaceChildren(...answer.trace.map(traceItem));
  byId('json').textContent = JSON.stringify(answer, null, 2);
  byId('footer').textContent = `${answer.tookMs} ms, dataset ${answer.dataset.slice(0, 19)}`;
  byId('status').textContent =
    answer.decision === 'none'
      ? 'No change'
      : `${badge.textContent}: ${answer.rewritten}, ${percent(answer.confidence)} sure`;
}

/** The reading with what was put in marked. */
function rewrittenNodes(answer) {
  const spans = answer.edits.map((edit) => ({
    start: edit.rewrittenOffset,
    length: edit.rewrittenLength,
    tag: 'mark',
  }));
  return nodesOf(answer.rewritten, spans);
}

/** The raw query with what was taken out struck through and what is protected underlined. */
function typedNodes(answer) {
  const cuts = answer.edits.map((edit) => ({ start: edit.offset, length: edit.length, tag: 'del' }));
  const held = answer.protected.map((span) => ({
    start: span.offset,
    length: span.length,
    tag: 'span',
    title: span.why,
  }));
  return nodesOf(answer.query, [...cuts, ...held]);
}

function nodesOf(text, spans) {
  const nodes = [];
  let at = 0;
  for (const { start, length, tag, title } of spans.sort((a, b) => a.start - b.start)) {
    // Spans that overlap would show a stretch twice.
    if (start < at) continue;
    nodes.push(text.slice(at, start));
    const node = element(tag, text.slice(start, start + length));
    if (title !== undefined) {
      node.title = `protected: ${title}`;
      node.className = 'held';
    }
    nodes.push(node);
    at = start + length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

function editsTable(edits) {
  if (edits.length === 0) return element('p', 'None.', 'quiet');
  const rows = edits.map((edit) => [
    [element('del', edit.from), ' → ', element('ins', edit.to)],
    `${edit.kind} by ${edit.worker}`,
    edit.decision,
    percent(edit.confidence),
    [element('span', evidenceText(edit.evidence), 'evidence')],
  ]);
  return table(['Change', 'Kind', 'Decision', 'Confidence', 'Evidence'], rows, 3);
}

/** All readings that share the probability: the best, the others, the query as typed with what they leave, the rest. */
function readingsTable(answer) {
  const readings = [{ query: answer.rewritten, confidence: answer.confidence }, ...answer.alternatives];
  const shown = readings.reduce((sum, reading) => sum + reading.confidence, answer.otherMass);
  if (!readings.some((reading) => reading.query === answer.query)) {
    readings.push({ query: answer.query, confidence: Math.max(0, 1 - shown) });
  }
  const rows = readings
    .sort((a, b) => b.confidence - a.confidence)
    .map((reading) => [
      reading.query === answer.query ? [reading.query, ' ', element('span', '(as typed)', 'quiet')] : reading.query,
      percent(reading.confidence),
    ]);
  rows.push([[element('span', 'all others', 'quiet')], percent(answer.otherMass)]);
  return table(['Reading', 'Confidence'], rows, 1);
}

function protectedTable(answer) {
  if (answer.protected.length === 0) return element('p', 'Nothing.', 'quiet');
  const rows = answer.protected.map((span) => [answer.query.slice(span.offset, span.offset + span.length), span.why]);
  return table(['Stretch', 'Why'], rows);
}

function traceItem(entry) {
  const item = element('li', `${entry.worker}: ${entry.event} `);
  if (entry.detail !== undefined) item.append(element('code', JSON.stringify(entry.detail)));
  return item;
}

function table(heads, rows, numberColumn = -1) {
  const head = element('tr');
  head.append(...heads.map((text, column) => cell('th', text, column === numberColumn)));
  for (const th of head.children) th.scope = 'col';
  const body = document.createElement('tbody');
  for (const row of rows) {
    const line = element('tr');
    line.append(...row.map((content, column) => cell('td', content, column === numberColumn)));
    body.append(line);
  }
  const thead = document.createElement('thead');
  thead.append(head);
  const whole = document.createElement('table');
  whole.append(thead, body);
  const scroll = element('div', '', 'scroll');
  scroll.append(whole);
  return scroll;
}

function cell(tag, content, isNumber) {
  const node = document.createElement(tag);
  node.append(...(Array.isArray(content) ? content : [content]));
  if (isNumber) node.className = 'number';
  return node;
}

function element(tag, text = '', className = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className !== '') node.className = className;
  return node;
}

function evidenceText(evidence) {
  return Object.entries(evidence)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ');
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
