import type { Worker } from '../worker.ts';

/** Will say which words belong together; the dataset holds no phrases yet, so it adds nothing. */
export const phrasesWorker: Worker = { name: 'phrases', run() {} };
