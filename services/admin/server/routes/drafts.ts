/** `/drafts`: edits that wait to be published. */
import { HttpProblem } from '../../../http/problems.ts';
import { outOfRange, wrongType } from '../../../http/wrong-option.ts';
import { type Draft, deleteDraft, draftOf, listDrafts, publishDraft, putDraft, withDraft } from '../../drafts.ts';
import { liveSet } from '../../live-set.ts';
import { conditionsOf, mustMatch, quoted } from '../conditions.ts';
import type { AskedQuery } from '../deps.ts';
import { bodyOf, type Members, parametersOf, reasonOf } from '../input.ts';
import { type AdminRoute, type Call, sendJson, wantedBy } from '../route.ts';
import { sendChange, soundEdits } from './rules.ts';

const MOST_NAME = 200;
/** Queries of one check. */
const MOST_QUERIES = 200_000;

/** The routes of drafts. */
export function draftsRoutes(): AdminRoute[] {
  return [
    {
      path: '/drafts',
      methods: { GET: { action: 'drafts:read', handle: list }, POST: { action: 'drafts:write', handle: create } },
    },
    {
      path: '/drafts/:id',
      methods: {
        GET: { action: 'drafts:read', handle: get },
        PUT: { action: 'drafts:write', handle: put },
        DELETE: { action: 'drafts:write', handle: remove },
      },
    },
    { path: '/drafts/:id/check', methods: { POST: { action: 'drafts:check', handle: check } } },
    { path: '/drafts/:id/publish', methods: { POST: { action: 'drafts:publish', handle: publish } } },
  ];
}

function list(call: Call): void {
  parametersOf(call, []);
  const drafts = listDrafts(call.deps.store.collections()).map(
    ({ changes, values, settings, quantities, protectedTerms, bases, ...draft }) => ({
      ...draft,
      edits: Object.keys(bases).length,
    }),
  );
  sendJson(call.response, 200, { drafts });
}

async function create(call: Call): Promise<void> {
  parametersOf(call, []);
  const body = await bodyOf(call);
  const { id } = body;
  if (id !== undefined && typeof id !== 'string') throw wrongType('id', 'a text', id);
  const draft = write(call, body, id, (before) => {
    if (before === undefined) return;
    throw new HttpProblem('precondition-failed', `there is a draft "${before.id}"`, {
      headers: { ETag: quoted(before.version) },
    });
  });
  sendDraft(call, 201, draft, { Location: `/drafts/${draft.id}` });
}

function get(call: Call): void {
  parametersOf(call, []);
  sendDraft(call, 200, draftOf(call.deps.store.collections(), idOf(call)));
}

async function put(call: Call): Promise<void> {
  parametersOf(call, []);
  const conditions = conditionsOf(call);
  const body = await bodyOf(call);
  const id = idOf(call);
  const draft = write(call, { ...body, id: undefined }, id, (before) =>
    mustMatch(conditions, before === undefined ? undefined : String(before.version), `the draft "${id}"`, true),
  );
  sendDraft(call, 200, draft);
}

function remove(call: Call): void {
  const reason = reasonOf(parametersOf(call, ['reason']).get('reason'));
  const conditions = conditionsOf(call);
  deleteDraft(call.deps.store.collections(), idOf(call), wantedBy(call, reason), ({ id, version }) =>
    mustMatch(conditions, String(version), `the draft "${id}"`, false),
  );
  sendJson(call.response, 200, { id: idOf(call) });
}

async function check(call: Call): Promise<void> {
  parametersOf(call, []);
  const body = await bodyOf(call, ['queries']);
  const queries = queriesOf(body['queries']);
  const collections = call.deps.store.collections();
  const draft = draftOf(collections, idOf(call));
  // Told at once where it cannot be published any more.
  withDraft(liveSet(collections).set, draft);
  sendJson(call.response, 200, await call.deps.check(draft, queries));
}

async function publish(call: Call): Promise<void> {
  parametersOf(call, []);
  const conditions = conditionsOf(call);
  const body = await bodyOf(call, ['reason']);
  const request = wantedBy(call, reasonOf(body['reason']));
  const change = publishDraft(call.deps.store.collections(), idOf(call), request, ({ id, version }) =>
    mustMatch(conditions, String(version), `the draft "${id}"`, false),
  );
  sendChange(call, change);
}

function write(call: Call, body: Members, id: string | undefined, expect: (before: Draft | undefined) => void): Draft {
  const { name = '', reason, id: _, ...members } = body;
  if (typeof name !== 'string') throw wrongType('name', 'a text', name);
  if (name.length > MOST_NAME || !name.isWellFormed()) {
    throw outOfRange('name', `a text of at most ${MOST_NAME} characters`, name);
  }
  const wish = { name, ...soundEdits(members) };
  return putDraft(call.deps.store.collections(), id, wish, wantedBy(call, reasonOf(reason)), expect);
}

function sendDraft(call: Call, status: number, draft: Draft, headers: Record<string, string> = {}): void {
  sendJson(call.response, status, draft, { ...headers, ETag: quoted(draft.version) });
}

function queriesOf(value: unknown): AskedQuery[] {
  if (!Array.isArray(value)) throw wrongType('queries', 'a list of queries, or of [query, count]', value);
  if (value.length === 0 || value.length > MOST_QUERIES) {
    throw outOfRange('queries', `1 to ${MOST_QUERIES} queries`, value.length);
  }
  return value.map((item: unknown) => {
    const [query, count] = Array.isArray(item) ? item : [item, 1];
    if (typeof query === 'string' && query.isWellFormed() && Number.isSafeInteger(count) && count >= 1) {
      return [query, count] as const;
    }
    throw wrongType('queries', 'a list of queries, or of [query, count]', item);
  });
}

function idOf({ request }: Call): string {
  return String(request.params['id']);
}
