/** `/rules`, `/rules/ID`, `/ruleset`, `/undo`: the rules in force. */
import { HttpProblem } from '../../../http/problems.ts';
import { wrongType } from '../../../http/wrong-option.ts';
import { soundRuleSet } from '../../../rules/compile/check.ts';
import { RuleSetError } from '../../../rules/compile/problems.ts';
import type { Rule } from '../../../rules/model/rule.ts';
import { changeLive, type LiveSet, liveSet, type SetChange, undoChange } from '../../live-set.ts';
import { readEdits } from '../../read-edits.ts';
import { etagOf, type SetEdits, withEdits } from '../../rule-edits.ts';
import { conditionsOf, mustBeVersion, mustMatch, quoted } from '../conditions.ts';
import { bodyOf, type Members, numberOf, parametersOf, reasonOf, versionIn } from '../input.ts';
import { type AdminRoute, type Call, sendJson, wantedBy } from '../route.ts';

const DEFAULT_LIMIT = 100;
const MOST_RULES = 1000;

/** The routes of rules. */
export function rulesRoutes(): AdminRoute[] {
  return [
    {
      path: '/rules',
      methods: { GET: { action: 'rules:read', handle: list }, POST: { action: 'rules:write', handle: bulk } },
    },
    {
      path: '/rules/:id',
      methods: {
        GET: { action: 'rules:read', handle: get },
        PUT: { action: 'rules:write', handle: put },
        DELETE: { action: 'rules:write', handle: remove },
      },
    },
    {
      path: '/ruleset',
      methods: { GET: { action: 'rules:read', handle: getSet }, PUT: { action: 'rules:write', handle: putSet } },
    },
    { path: '/undo', methods: { POST: { action: 'rules:undo', handle: undo } } },
  ];
}

function list(call: Call): void {
  const parameters = parametersOf(call, ['limit', 'from']);
  const limit = numberOf('limit', parameters.get('limit'), DEFAULT_LIMIT, MOST_RULES);
  const live = liveSet(call.deps.store.collections());
  const { rules } = live.set;
  const from = parameters.get('from');
  const first = from === undefined ? 0 : rules.findIndex(({ id }) => id === from) + 1;
  if (from !== undefined && first === 0) {
    throw new HttpProblem('out-of-range', '"from" is the id of no rule; begin again', { parameter: 'from' });
  }
  const page = rules.slice(first, first + limit);
  const next = first + limit < rules.length ? (page.at(-1)?.id ?? null) : null;
  const value = { version: live.version, total: rules.length, rules: page.map(shownRule), next };
  sendJson(call.response, 200, value, { ETag: quoted(live.version) });
}

function get(call: Call): void {
  parametersOf(call, []);
  const live = liveSet(call.deps.store.collections());
  const rule = ruleOf(live, idOf(call));
  if (rule === undefined) throw noRule(idOf(call));
  sendJson(call.response, 200, { version: live.version, ...shownRule(rule) }, { ETag: quoted(etagOf(rule)) });
}

async function put(call: Call): Promise<void> {
  parametersOf(call, []);
  const conditions = conditionsOf(call);
  const body = await bodyOf(call, ['rule', 'version', 'reason']);
  const id = idOf(call);
  const given = body['rule'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrongType('rule', 'a rule', given);
  const named = 'id' in given ? given.id : id;
  if (named !== id)
    throw new HttpProblem('wrong-type', `the rule's id is another than the path's`, { parameter: 'rule' });
  const rule = soundEdits({ changes: [{ put: { ...given, id } }] });
  const change = changeLive(call.deps.store.collections(), 'rules:put', wanted(call, body), (live) => {
    const before = ruleOf(live, id);
    const version = versionIn(body);
    if (version === undefined) mustMatch(conditions, etagIn(before), `the rule "${id}"`, true);
    else mustBeVersion(conditions, version, live.version);
    return withEdits(live.set, rule);
  });
  sendRule(call, change, id);
}

async function remove(call: Call): Promise<void> {
  const id = idOf(call);
  const conditions = conditionsOf(call);
  const request = wantedBy(call, reasonOf(parametersOf(call, ['reason']).get('reason')));
  const change = changeLive(call.deps.store.collections(), 'rules:delete', request, (live) => {
    const before = ruleOf(live, id);
    if (before === undefined) throw noRule(id);
    mustMatch(conditions, etagIn(before), `the rule "${id}"`, false);
    return withEdits(live.set, { changes: [{ delete: id }] });
  });
  sendChange(call, change);
}

async function bulk(call: Call): Promise<void> {
  parametersOf(call, []);
  const body = await bodyOf(call);
  const { version, reason, ...members } = body;
  const edits = soundEdits(members);
  const conditions = conditionsOf(call);
  const given = versionIn({ version });
  const request = wantedBy(call, reasonOf(reason));
  const change = changeLive(call.deps.store.collections(), 'rules:bulk', request, (live) => {
    mustBeVersion(conditions, given, live.version);
    return withEdits(live.set, edits);
  });
  sendChange(call, change);
}

function getSet(call: Call): void {
  parametersOf(call, []);
  const { version, publication, set } = liveSet(call.deps.store.collections());
  sendJson(call.response, 200, { version, publication, set }, { ETag: quoted(version) });
}

async function putSet(call: Call): Promise<void> {
  parametersOf(call, []);
  const conditions = conditionsOf(call);
  const body = await bodyOf(call, ['set', 'version', 'reason']);
  const set = soundRuleSet(body['set']);
  const change = changeLive(call.deps.store.collections(), 'rules:publish', wanted(call, body), (live) => {
    mustBeVersion(conditions, versionIn(body), live.version);
    return set;
  });
  sendChange(call, change);
}

/** The number of the change is the precondition: sent twice, it is refused. */
async function undo(call: Call): Promise<void> {
  parametersOf(call, []);
  const body = await bodyOf(call, ['change', 'reason']);
  const seq = body['change'];
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) throw wrongType('change', 'the number of a change', seq);
  sendChange(call, undoChange(call.deps.store.collections(), wanted(call, body), seq));
}

/** Answers with what a change did. */
export function sendChange({ response }: Call, { seq, live }: SetChange): void {
  const { version, set, publication } = live;
  const value = {
    change: seq === 0 ? null : seq,
    version,
    rules: set.rules.length,
    digest: publication?.digest ?? null,
  };
  sendJson(response, 200, value, { ETag: quoted(version) });
}

/**
 * Edits that a body says.
 *
 * @throws {RuleSetError} with all that is wrong with them
 */
export function soundEdits(members: Members, others: readonly string[] = []): SetEdits {
  const { edits, problems } = readEdits(members, others);
  if (problems.length > 0) throw new RuleSetError(problems, 'the edits');
  return edits;
}

function sendRule({ response }: Call, { seq, live }: SetChange, id: string): void {
  const rule = ruleOf(live, id);
  if (rule === undefined) throw noRule(id);
  const value = { change: seq === 0 ? null : seq, version: live.version, ...shownRule(rule) };
  sendJson(response, 200, value, { ETag: quoted(etagOf(rule)) });
}

function shownRule(rule: Rule): { etag: string; rule: Rule } {
  return { etag: etagOf(rule), rule };
}

function etagIn(rule: Rule | undefined): string | undefined {
  return rule === undefined ? undefined : etagOf(rule);
}

function ruleOf({ set }: LiveSet, id: string): Rule | undefined {
  return set.rules.find((rule) => rule.id === id);
}

function wanted(call: Call, body: Members) {
  return wantedBy(call, reasonOf(body['reason']));
}

function idOf({ request }: Call): string {
  return String(request.params['id']);
}

function noRule(id: string): HttpProblem {
  return new HttpProblem('not-found', `there is no rule "${id.slice(0, 60).toWellFormed()}"`);
}
