/** Changes of the lists of rules (protected, blocked, overrides and so on), logged. */
import { createHash } from 'node:crypto';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import type { RuleCollection } from '../rules/collections.ts';
import { type Around, linesOf } from '../rules/import.ts';
import { formatRule } from '../rules/rule-file.ts';
import type { AuditedChange } from './audit-file.ts';
import { logged, type Request } from './ledger.ts';

/** Logs a change of a list, by what it did: `import`, `add` and so on. */
export function loggedList(request: Request, doing: string): Around {
  return (collections, collection, body) =>
    logged(collections, request, `changing ${collection} rules`, () => {
      const before = summaryOf(collections, collection);
      const result = body();
      if (collections.info(collection)?.generation === before.generation) return { result, log: undefined };
      const changes = entriesOf(collections, collection) ?? [
        // So many that they are not told one by one.
        { what: collection, before: before.summary, after: summaryOf(collections, collection).summary },
      ];
      return { result, log: { action: `${collection}:${doing}`, changes } };
    }).result;
}

/** The entries of the last change, as lines of a rules file; undefined where there were too many. */
function entriesOf(collections: Collections, collection: RuleCollection): AuditedChange[] | undefined {
  return collections.lastChange(collection)?.map(({ key, before, after }) => {
    const line = (value: JsonValue | undefined) =>
      value === undefined ? null : formatRule(collection, String(key), typeof value === 'string' ? value : '');
    return { what: `${collection}/${String(key).replace('\t', ' => ')}`, before: line(before), after: line(after) };
  });
}

function summaryOf(collections: Collections, collection: RuleCollection): { generation: number; summary: JsonValue } {
  const info = collections.info(collection);
  if (info === undefined) return { generation: -1, summary: null };
  const sha256 = createHash('sha256').update(linesOf(collections, collection).join('\n')).digest('hex');
  return { generation: info.generation, summary: { rules: info.keyCount, sha256 } };
}
