import type { LoadedMetrics } from './figures.ts';

/** The figures of one process, from its first request on. */
export interface Metrics extends LoadedMetrics {
  /** Loads the library, if it is not there yet. */
  load(): Promise<void>;
}

/** With this many waiting for the library it is loaded. */
const WAITING_LIMIT = 1_000;
/** Where it cannot be loaded, for want of descriptors say, no more than this is kept; what comes after is not counted. */
const MOST_WAITING = 20_000;

/**
 * Creates the figures of this process. The library behind them is loaded at the latest when they are read; what is
 * recorded before waits. It brings 90 files, a third of all that the service would have to read before it answers.
 */
export function createMetrics(labels: { version: string; dataset: string }): Metrics {
  let loaded: LoadedMetrics | undefined;
  let loading: Promise<LoadedMetrics> | undefined;
  let waiting: ((metrics: LoadedMetrics) => void)[] = [];

  const load = (): Promise<LoadedMetrics> => {
    loading ??= import('./prometheus.ts').then(({ prometheusMetrics }) => {
      loaded = prometheusMetrics(labels);
      for (const record of waiting) record(loaded);
      waiting = [];
      return loaded;
    });
    // The next to ask tries again.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  const wait = (record: (metrics: LoadedMetrics) => void): void => {
    if (waiting.length < MOST_WAITING) waiting.push(record);
    if (waiting.length % WAITING_LIMIT === 0) load().catch(() => {});
  };

  return {
    requestStarted() {
      if (loaded !== undefined) loaded.requestStarted();
      else wait((metrics) => metrics.requestStarted());
    },
    requestFinished(route, method, status) {
      if (loaded !== undefined) loaded.requestFinished(route, method, status);
      else wait((metrics) => metrics.requestFinished(route, method, status));
    },
    rewriteFinished(mode, seconds) {
      if (loaded !== undefined) loaded.rewriteFinished(mode, seconds);
      else wait((metrics) => metrics.rewriteFinished(mode, seconds));
    },
    decided(decision) {
      if (loaded !== undefined) loaded.decided(decision);
      else wait((metrics) => metrics.decided(decision));
    },
    problem(code) {
      if (loaded !== undefined) loaded.problem(code);
      else wait((metrics) => metrics.problem(code));
    },
    deadlinePassed() {
      if (loaded !== undefined) loaded.deadlinePassed();
      else wait((metrics) => metrics.deadlinePassed());
    },
    watchCache(read) {
      if (loaded !== undefined) loaded.watchCache(read);
      else wait((metrics) => metrics.watchCache(read));
    },
    watchSteps(read) {
      if (loaded !== undefined) loaded.watchSteps(read);
      else wait((metrics) => metrics.watchSteps(read));
    },
    watchShared(bytes) {
      if (loaded !== undefined) loaded.watchShared(bytes);
      else wait((metrics) => metrics.watchShared(bytes));
    },
    watchLive(read, files) {
      if (loaded !== undefined) loaded.watchLive(read, files);
      else wait((metrics) => metrics.watchLive(read, files));
    },
    watchConnections(read) {
      if (loaded !== undefined) loaded.watchConnections(read);
      else wait((metrics) => metrics.watchConnections(read));
    },
    watchWork(read) {
      if (loaded !== undefined) loaded.watchWork(read);
      else wait((metrics) => metrics.watchWork(read));
    },
    watchProcess() {
      if (loaded !== undefined) loaded.watchProcess();
      else wait((metrics) => metrics.watchProcess());
    },
    exposition: async () => (await load()).exposition(),
    snapshot: async () => (await load()).snapshot(),
    load: async () => void (await load()),
  };
}

/** The values of a label `method`, a small closed set whatever clients send. */
export function methodLabel(method: string): string {
  return METHODS.has(method) ? method : 'other';
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']);
