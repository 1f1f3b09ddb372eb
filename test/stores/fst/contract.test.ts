import { runStoreContract } from '../../contract/store-contract.ts';
import { makeFst } from '../../support/fst.ts';

runStoreContract('fst', makeFst);
