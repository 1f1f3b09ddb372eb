import { runStoreContract } from '../../contract/store-contract.ts';
import { makeBlocks } from '../../support/blocks.ts';

describe('block files as they are written by default', () => {
  runStoreContract('blocks', (entries, valueKind) => makeBlocks(entries, valueKind), { runs: 30 });
});

describe('block files with small blocks and an index in partitions', () => {
  runStoreContract(
    'blocks',
    (entries, valueKind) =>
      makeBlocks(entries, valueKind, { blockBytes: 512, restartInterval: 3, filter: 'none' }, { pinnedIndexBytes: 0 }),
    { runs: 20 },
  );
});
