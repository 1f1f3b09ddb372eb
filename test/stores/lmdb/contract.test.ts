import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { runStoreContract } from '../../contract/store-contract.ts';

const KINDS = { none: 'set', uint: 'uint', bytes: 'bytes' } as const;

const folder = mkdtempSync(join(tmpdir(), 'emend-lmdb-'));
const collections = openCollections(folder, { readOnly: false });

afterAll(() => {
  collections.verify();
  collections.close();
  rmSync(folder, { recursive: true, force: true });
});

runStoreContract(
  'lmdb',
  (entries, valueKind) => {
    collections.write.replace(`of-${valueKind}`, { kind: KINDS[valueKind] }, entries);
    return collections.store(`of-${valueKind}`);
  },
  { runs: 25 },
);
