/** `/history`, `/history/SEQ`, `/audit`: what was changed, by whom and why. */
import { HttpProblem } from '../../../http/problems.ts';
import type { AuditPage, ReadEntry } from '../../audit-file.ts';
import { changeOf, history } from '../../ledger.ts';
import { isOfRules } from '../../live-set.ts';
import { numberOf, parametersOf } from '../input.ts';
import { type AdminRoute, type Call, sendJson } from '../route.ts';

const DEFAULT_LIMIT = 50;
const MOST_ENTRIES = 500;
/** So many things of an entry are listed; `/history/SEQ` has all of them. */
const LISTED_CHANGES = 20;

/** The routes of the audit log. */
export function historyRoutes(): AdminRoute[] {
  return [
    { path: '/history', methods: { GET: { action: 'history:read', handle: rules } } },
    { path: '/history/:seq', methods: { GET: { action: 'history:read', handle: one } } },
    { path: '/audit', methods: { GET: { action: 'audit:read', handle: all } } },
  ];
}

/** Changes of rules, of one rule where it is named. */
function rules(call: Call): void {
  const parameters = parametersOf(call, ['limit', 'from', 'rule']);
  const rule = parameters.get('rule');
  const isOf = ({ changes }: ReadEntry) => rule === undefined || changes.some(({ what }) => what === `rules/${rule}`);
  sendPage(
    call,
    page(call, parameters, (entry) => isOfRules(entry) && isOf(entry)),
  );
}

function one(call: Call): void {
  parametersOf(call, []);
  const seq = String(call.request.params['seq']);
  const entry = /^\d{1,15}$/.test(seq) ? changeOf(call.deps.store.collections(), Number(seq)) : undefined;
  if (entry === undefined || !isOfRules(entry)) throw new HttpProblem('not-found', 'there is no such change of rules');
  sendJson(call.response, 200, entry);
}

function all(call: Call): void {
  sendPage(call, page(call, parametersOf(call, ['limit', 'from'])));
}

function page(
  call: Call,
  parameters: ReadonlyMap<string, string>,
  keep: (entry: ReadEntry) => boolean = () => true,
): AuditPage {
  const limit = numberOf('limit', parameters.get('limit'), DEFAULT_LIMIT, MOST_ENTRIES);
  return history(call.deps.store.collections(), { limit, from: parameters.get('from'), keep });
}

function sendPage({ response }: Call, { entries, next }: AuditPage): void {
  const shown = entries.map(({ changes, ...entry }) => ({
    ...entry,
    changed: changes.length,
    changes: changes.slice(0, LISTED_CHANGES),
  }));
  sendJson(response, 200, { entries: shown, next });
}
