import { MapStore } from '../../../load/maps/map-store.ts';
import { runStoreContract } from '../../contract/store-contract.ts';

// It takes the place of any kind; the suite asks for one.
runStoreContract('fst', (entries, valueKind) => {
  const store = new MapStore('maps', 'fst', valueKind);
  for (const { key, value } of entries) store.add(key, value);
  return store;
});
