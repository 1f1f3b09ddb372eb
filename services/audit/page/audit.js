/* The audit page: shows the data that stands in it. Texts of the log are set as text, never as markup. */
const data = JSON.parse(document.getElementById('data').textContent);
const JUDGEMENTS = [
  ['r', 'right', 'Right', 'this is what was meant'],
  ['b', 'broken', 'Broken', 'it was right as typed'],
  ['w', 'wrong', 'Wrong', 'it needed another correction'],
  ['h', 'unsure', 'Harmless', 'either text serves; left out when tuning'],
];
const STORAGE = `emend-audit:${data.dataset}:${data.made}`;
const judged = new Map();
const number = (value) => value.toLocaleString('en');
const percent = (share, digits = 1) => (share === null ? '–' : `${(100 * share).toFixed(digits)} %`);
const ratio = (part, whole) => (whole === 0 ? null : part / whole);
const byId = (id) => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function within({ share, low, high }) {
  return share === null ? 'unknown' : `${percent(share)} (95 % sure: ${percent(low)} to ${percent(high)})`;
}

/* In short */
function showSummary() {
  const { log, auto, suggest, made, dataset } = data;
  byId('about').textContent =
    `${plural(log.searches, 'search', 'searches')}, ${plural(log.queries, 'different text', 'different texts')}, looked at on ${made.slice(0, 10)}. Nothing has been changed yet: this page says what would be.`;
  byId('about').title = dataset;
  const left = log.looked.searches - auto.changed.searches - suggest.changed.searches;
  for (const [value, what] of [
    [auto.changed, 'of searches would be changed by itself'],
    [suggest.changed, 'of searches would get a “Did you mean”'],
    [
      { searches: left, queries: log.looked.queries - auto.changed.queries - suggest.changed.queries },
      'of searches would be left alone',
    ],
  ]) {
    const card = element('div', undefined, 'card');
    card.append(element('strong', percent(ratio(value.searches, log.looked.searches))), element('span', what));
    card.append(
      element(
        'p',
        `${plural(value.searches, 'search', 'searches')} of ${plural(value.queries, 'text', 'texts')}`,
        'quiet',
      ),
    );
    byId('cards').append(card);
  }
  const unseen = log.searches - log.looked.searches;
  byId('limits').textContent =
    unseen > 0
      ? `The most frequent ${number(log.looked.queries)} texts were looked at; ${number(unseen)} searches for rarer ones were not.`
      : '';
}

/* With and without results */
function showHits() {
  const place = byId('hits');
  const { log, auto, suggest } = data;
  if (log.zeroSearches + log.goodSearches === 0) {
    place.append(
      element(
        'p',
        'The log does not say how many results searches found, so nothing can be said of this. A column "hits" in the log would tell.',
        'note',
      ),
    );
    return;
  }
  const table = element('table');
  const head = element('tr');
  for (const title of ['', 'changed by itself', 'offered']) head.append(element('th', title));
  for (const cell of head.children) cell.scope = 'col';
  table.append(element('thead'));
  table.tHead.append(head);
  const body = table.createTBody();
  for (const [title, share, searches] of [
    ['Texts that found nothing: would get another text', 'zeroChanged', 'zeroSearches'],
    ['… and the log itself has that text with results', 'zeroConfirmed', null],
    ['Texts that found something: would be touched', 'goodChanged', 'goodSearches'],
  ]) {
    const row = body.insertRow();
    const name = element('th', title);
    name.scope = 'row';
    row.append(name);
    for (const level of [auto, suggest]) {
      const cell = row.insertCell();
      const { hits, of } = level[share];
      cell.append(element('div', `${number(hits)} of ${number(of)}`), element('div', within(level[share]), 'quiet'));
      if (searches !== null) cell.append(element('div', plural(level[searches], 'search', 'searches'), 'quiet'));
    }
  }
  place.append(table);
  place.append(
    element(
      'p',
      'Each text counts once here, however often it was searched for. Whether a new text finds something is known only where the log has it too.',
      'quiet',
    ),
  );
}

/* The slider */
function showThreshold() {
  const slider = byId('threshold');
  const show = () => {
    const above = Number(slider.value);
    const at = data.thresholds.find((one) => Math.round(100 * one.above) === above);
    const now = data.thresholds.find(
      (one) => Math.round(100 * one.above) === Math.round(100 * data.settings.autoAbove),
    );
    byId('level').textContent = `${above} %`;
    slider.setAttribute('aria-valuetext', `${above} percent`);
    const parts = [
      `${percent(ratio(at.searches, data.log.looked.searches), 2)} of searches would be changed by itself: ${plural(at.searches, 'search', 'searches')} of ${plural(at.queries, 'text', 'texts')}`,
    ];
    if (now !== undefined && now !== at) {
      const more = at.searches - now.searches;
      parts.push(`${number(Math.abs(more))} ${more < 0 ? 'fewer' : 'more'} than now`);
    }
    if (data.log.zeroSearches + data.log.goodSearches > 0) {
      parts.push(
        `among them ${number(at.zeroSearches)} that found nothing and ${number(at.goodSearches)} that found something`,
      );
    }
    byId('effect').textContent = `${parts.join('; ')}.`;
    const cost = String(Number((above / (100 - above)).toFixed(1)));
    byId('setting').textContent =
      `The setting for this: --cost-of-breaking ${cost} (one wrong change weighs as much as ${cost} missed ones). Changes of words that are known are always only offered.`;
  };
  slider.value = String(Math.min(99, Math.max(50, Math.round(100 * data.settings.autoAbove))));
  slider.addEventListener('input', show);
  show();
}

/* Rows */
function marked(text, edits, start, length, tag) {
  const line = element('bdi');
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a[start] - b[start])) {
    if (edit[start] < at) continue;
    line.append(text.slice(at, edit[start]));
    at = edit[start] + edit[length];
    if (edit[length] > 0) line.append(element(tag, text.slice(edit[start], at)));
  }
  line.append(text.slice(at));
  return line;
}

function reasonOf({ from, to, kind, evidence }) {
  const said = [];
  if (evidence.rule !== undefined) said.push('a rule of yours says so');
  if (kind === 'split') said.push('words run together');
  else if (kind === 'merge') said.push('one word in parts');
  else if (evidence.distance > 0) said.push(`${plural(evidence.distance, 'letter differs', 'letters differ')}`);
  if (kind === 'split')
    said.push(`each word of “${to}” stands ${number(evidence.toFrequency ?? 0)} times or more in known texts`);
  else if (typeof evidence.toFrequency === 'number') {
    const before = evidence.fromFrequency > 0 ? `“${from}” ${number(evidence.fromFrequency)} times` : `“${from}” never`;
    said.push(`in known texts ${before}, “${to}” ${number(evidence.toFrequency)} times`);
  }
  if (evidence.fromKnown === true) said.push(`“${from}” is a word too`);
  return said.join('; ');
}

function rowElement(row) {
  const box = element('article', undefined, 'row');
  box.tabIndex = 0;
  const texts = element('div', undefined, 'texts');
  const before = element('div');
  before.append(marked(row.query, row.edits, 'offset', 'length', 'del'));
  const after = element('div', undefined, 'to');
  after.append('→ ', marked(row.rewritten, row.edits, 'rewrittenOffset', 'rewrittenLength', 'ins'));
  texts.append(before, after);
  const facts = [`${plural(row.count, 'search', 'searches')}`, `${percent(row.confidence, 0)} sure`];
  if (row.zero > 0) facts.push(`found nothing ${row.zero === row.count ? 'each time' : `${number(row.zero)} times`}`);
  if (row.good > 0) facts.push(`found something ${row.good === row.count ? 'each time' : `${number(row.good)} times`}`);
  if (row.isConfirmed) facts.push('your log has the new text with results');
  texts.append(element('p', facts.join(' · '), 'facts'));
  const reasons = [...new Set(row.edits.map(reasonOf))].filter((one) => one !== '');
  if (reasons.length > 0) texts.append(element('p', `Why: ${reasons.join(' / ')}`, 'facts'));
  const labels = element('div', undefined, 'labels');
  labels.setAttribute('role', 'group');
  labels.setAttribute('aria-label', 'Your judgement');
  const buttons = JUDGEMENTS.map(([, value, name, meaning]) => {
    const button = element('button', name);
    button.type = 'button';
    button.title = meaning;
    button.addEventListener('click', () => judge(judged.get(row.line) === value ? null : value));
    labels.append(button);
    return [button, value];
  });
  const paint = () => {
    for (const [button, value] of buttons) button.setAttribute('aria-pressed', String(judged.get(row.line) === value));
  };
  const judge = (value) => {
    if (value === null) judged.delete(row.line);
    else judged.set(row.line, value);
    paint();
    keep();
  };
  box.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const found = JUDGEMENTS.find(([key]) => key === event.key.toLowerCase());
    if (found !== undefined) judge(found[1]);
    else if (event.key === '0') judge(null);
    else if (event.key === 'ArrowDown' || event.key === 'j') move(box, 1);
    else if (event.key === 'ArrowUp' || event.key === 'k') move(box, -1);
    else return;
    event.preventDefault();
  });
  paint();
  box.append(texts, labels);
  return box;
}

function move(from, by) {
  const rows = [...document.querySelectorAll('.row')];
  const to = rows[rows.indexOf(from) + by];
  to?.focus();
}

function showRows(level) {
  const place = byId(level);
  const { rows, changed } = data[level];
  if (rows.length === 0) place.append(element('p', 'None.', 'note'));
  for (const row of rows) place.append(rowElement(row));
  if (rows.length < changed.queries)
    place.append(element('p', `These are the most frequent ${rows.length} of ${number(changed.queries)}.`, 'quiet'));
}

/* Judgements */
function keep() {
  byId('judged').textContent = judged.size === 0 ? 'Nothing judged yet.' : `${number(judged.size)} judged.`;
  byId('download').disabled = judged.size === 0;
  try {
    localStorage.setItem(STORAGE, JSON.stringify([...judged]));
  } catch {
    // A page opened from a file may keep nothing: the sheet still holds what was judged.
  }
}

function restore() {
  try {
    const lines = new Set([...data.auto.rows, ...data.suggest.rows].map(({ line }) => line));
    const values = JUDGEMENTS.map(([, value]) => value);
    for (const [line, value] of JSON.parse(localStorage.getItem(STORAGE) ?? '[]')) {
      if (lines.has(line) && values.includes(value)) judged.set(line, value);
    }
  } catch {
    judged.clear();
  }
}

function sheet() {
  const rows = [...data.auto.rows, ...data.suggest.rows];
  return data.sheetHead + rows.map(({ line }) => `${judged.get(line) ?? ''}${line}\n`).join('');
}

function download() {
  const url = URL.createObjectURL(new Blob([sheet()], { type: 'text/tab-separated-values' }));
  const link = element('a');
  link.href = url;
  link.download = 'judged.tsv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/* Words */
function showWords() {
  const place = byId('words');
  if (data.vocabulary === null) {
    place.append(element('p', 'Not looked at.', 'note'));
    return;
  }
  for (const [title, text, { total, words }] of [
    ['Learned', 'words of yours that no dictionary has, and that are therefore left alone', data.vocabulary.learned],
    ['Doubted', 'words of yours that look like mistakes: protect those that are not', data.vocabulary.doubted],
  ]) {
    const box = element('div', undefined, 'card');
    box.append(element('h3', `${title}: ${number(total)}`), element('p', text, 'quiet'));
    const list = element('ul');
    for (const { word, why } of words) {
      const item = element('li');
      item.append(element('bdi', word));
      item.title = why;
      list.append(item);
    }
    box.append(list);
    if (words.length < total) box.append(element('p', `the most frequent ${words.length}`, 'quiet'));
    place.append(box);
  }
}

restore();
showSummary();
showHits();
showThreshold();
showRows('auto');
showRows('suggest');
showWords();
keep();
byId('download').addEventListener('click', download);
