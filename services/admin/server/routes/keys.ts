/** `/keys`: those there are, and revoking them. Keys are made with `emend keys add` alone. */
import { listKeys, revokeKey } from '../../keys.ts';
import { parametersOf, reasonOf } from '../input.ts';
import { type AdminRoute, type Call, sendJson, wantedBy } from '../route.ts';

/** The routes of keys. */
export function keysRoutes(): AdminRoute[] {
  return [
    { path: '/keys', methods: { GET: { action: 'keys:read', handle: list } } },
    { path: '/keys/:id', methods: { DELETE: { action: 'keys:revoke', handle: revoke } } },
  ];
}

function list(call: Call): void {
  parametersOf(call, []);
  sendJson(call.response, 200, { keys: listKeys(call.deps.store.collections()) });
}

function revoke(call: Call): void {
  const reason = reasonOf(parametersOf(call, ['reason']).get('reason'));
  const id = String(call.request.params['id']);
  sendJson(call.response, 200, revokeKey(call.deps.store.collections(), id, wantedBy(call, reason)));
}
