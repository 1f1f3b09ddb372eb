import type { PipelineStores } from '../stores.ts';
import { mayRead, PatientStore } from './patient-store.ts';
import type { Memory } from './recent.ts';

/** Times a query is worked on while blocks keep coming in; the time after that it reads what it needs at once. */
const MOST_ROUNDS = 6;

/** The stores with those wrapped that may have to read, and the wrappers. */
export function patientStores(stores: PipelineStores): { stores: PipelineStores; patient: readonly PatientStore[] } {
  const patient: PatientStore[] = [];
  const wrap = (store: PipelineStores['terms']) => {
    if (!mayRead(store)) return store;
    const wrapped = new PatientStore(store);
    patient.push(wrapped);
    return wrapped;
  };
  const { terms, ngrams, deletes1, deletes2, misspellings, phonetic, marks, forms } = stores;
  const wrapped = {
    terms: wrap(terms),
    ngrams: wrap(ngrams),
    deletes1: wrap(deletes1),
    deletes2: wrap(deletes2),
    misspellings: misspellings && wrap(misspellings),
    phonetic: phonetic && wrap(phonetic),
    marks: marks && wrap(marks),
    forms: forms && wrap(forms),
  };
  return { stores: { ...stores, ...wrapped }, patient };
}

/**
 * Does `work` without blocking on a read: each round notes the look-ups that would have to read, then all of them are read
 * together, and the work is done again from the start. A query whose blocks are cached takes one round and no promise.
 *
 * A round runs in one turn of the event loop, so queries that take turns do not see each other's notes.
 */
export function patiently<T>(
  work: () => T,
  stores: readonly PatientStore[],
  memories: readonly Memory[],
): T | Promise<T> {
  const result = round(work, stores, memories);
  return stores.some((store) => store.isMissing) ? again(work, stores, memories) : result;
}

async function again<T>(work: () => T, stores: readonly PatientStore[], memories: readonly Memory[]): Promise<T> {
  for (let rounds = 1; rounds < MOST_ROUNDS; rounds++) {
    await Promise.all(stores.filter((store) => store.isMissing).map((store) => store.readMissing()));
    const result = round(work, stores, memories);
    if (!stores.some((store) => store.isMissing)) return result;
  }
  for (const store of stores) store.forgetMissing();
  return work();
}

function round<T>(work: () => T, stores: readonly PatientStore[], memories: readonly Memory[]): T {
  for (const store of stores) store.setPatient(true);
  for (const memory of memories) memory.begin();
  try {
    return work();
  } finally {
    for (const store of stores) store.setPatient(false);
    // What was answered for want of a read must not be remembered as absent.
    const isWhole = !stores.some((store) => store.isMissing);
    for (const memory of memories) {
      if (isWhole) memory.keep();
      else memory.forget();
    }
  }
}
