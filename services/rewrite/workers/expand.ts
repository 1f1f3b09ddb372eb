import type { Worker } from '../worker.ts';

/** Will add synonyms, filters and boosts from rules; there are no such rules yet, so it adds nothing. */
export const expandWorker: Worker = { name: 'expand', run() {} };
