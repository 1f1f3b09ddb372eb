import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CacheCounts, Exposition, LoadedMetrics } from './figures.ts';
import { watchConnections, watchWork } from './limit-metrics.ts';
import { watchLive } from './live-figures.ts';

/**
 * Upper bounds, in seconds: dense around 10 ms, the time a search box can spend on rewriting, with the whole range from
 * an answer of the cache to one that a stall of a second held up.
 */
const DURATION_BUCKETS = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1];

/** Durations kept before they are put into their histogram: at most so many at once, a tenth of a millisecond. */
const MOST_KEPT = 128;

/**
 * Creates the metrics of this process, in a registry of their own.
 *
 * Hot path: the library checks and hashes labels with each value, some 20 us a request in a server that is not busy. So
 * the counts of requests are summed here and passed to the library when the metrics are read.
 */
export function prometheusMetrics(labels: { version: string; dataset: string }): LoadedMetrics {
  const registry = new Registry();
  const registers = [registry];
  const duration: Histogram<'mode'> = new Histogram({
    name: 'rewrite_request_duration_seconds',
    help: 'From the head of a rewrite request to the end of its response',
    labelNames: ['mode'],
    buckets: DURATION_BUCKETS,
    registers,
    collect: () => {
      durations.single.flush();
      durations.batch.flush();
    },
  });
  const durations = {
    single: new KeptDurations(duration.labels('single')),
    batch: new KeptDurations(duration.labels('batch')),
  };
  const queries: Counter<'decision'> = new Counter({
    name: 'rewrite_queries_total',
    help: 'Queries answered, by decision',
    labelNames: ['decision'],
    registers,
    collect: () => {
      for (const count of Object.values(decisions)) count.flush();
    },
  });
  const decisions = {
    none: new KeptCount(queries.labels('none')),
    suggest: new KeptCount(queries.labels('suggest')),
    auto: new KeptCount(queries.labels('auto')),
  };
  const problems = new Counter({
    name: 'rewrite_problems_total',
    help: 'Problems answered, by code; includes those of single queries in a batch',
    labelNames: ['code'],
    registers,
  });
  const deadlines = new Counter({
    name: 'rewrite_deadlines_total',
    help: 'Queries answered as typed because the deadline of their request had passed',
    registers,
  });
  const requests: Counter<'route' | 'method' | 'status'> = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'method', 'status'],
    registers,
    collect: () => {
      for (const count of requestCounts) count.flush();
    },
  });
  // A handful; one that repeats is mostly the first.
  const requestCounts: RequestCount[] = [];
  let inFlight = 0;
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests in progress',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  // The registry adds over processes; the greatest of equal ones is the one.
  new Gauge({
    name: 'emend_build_info',
    help: 'Always 1; labels: version of the program, id of the dataset',
    labelNames: ['version', 'dataset'],
    registers,
    aggregator: 'max',
  }).set(labels, 1);

  return {
    requestStarted() {
      inFlight++;
    },
    requestFinished(route, method, status) {
      inFlight--;
      for (let i = 0; i < requestCounts.length; i++) {
        const count = requestCounts[i]!;
        if (count.route !== route || count.method !== method || count.status !== status) continue;
        count.add();
        return;
      }
      const count = new RequestCount(requests, route, method, status);
      requestCounts.push(count);
      count.add();
    },
    rewriteFinished: (mode, seconds) => durations[mode].add(seconds),
    decided: (decision) => decisions[decision].add(),
    problem: (code) => problems.labels(code).inc(),
    deadlinePassed: () => deadlines.inc(),
    watchConnections: (read) => watchConnections(registers, read),
    watchWork: (read) => watchWork(registers, read),
    watchCache: (read) => watchCache(registers, read),
    watchSteps: (read) => watchSteps(registers, read),
    watchShared: (bytes) => {
      const help = 'Bytes of the dataset that all processes of the machine share; 0 when each has its own';
      new Gauge({ name: 'store_shared_bytes', help, registers, aggregator: 'max' }).set(bytes);
    },
    watchLive: (read, files) => watchLive(registers, read, files),
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    snapshot: async () => await registry.getMetricsAsJSON(),
  };
}

/** Counts that were not yet passed to their counter. */
class KeptCount {
  readonly #counter: Counter.Internal;
  #count: number;

  constructor(counter: Counter.Internal) {
    this.#counter = counter;
    this.#count = 0;
  }

  add(): void {
    this.#count++;
  }

  flush(): void {
    if (this.#count > 0) this.#counter.inc(this.#count);
    this.#count = 0;
  }
}

/** Requests of one kind that were not yet passed to their counter. */
class RequestCount extends KeptCount {
  readonly route: string;
  readonly method: string;
  readonly status: number;

  constructor(counter: Counter<'route' | 'method' | 'status'>, route: string, method: string, status: number) {
    super(counter.labels(route, method, String(status)));
    this.route = route;
    this.method = method;
    this.status = status;
  }
}

/** Durations in seconds that were not yet passed to their histogram. */
class KeptDurations {
  readonly #histogram: Histogram.Internal<'mode'>;
  readonly #seconds: Float64Array;
  #count: number;

  constructor(histogram: Histogram.Internal<'mode'>) {
    this.#histogram = histogram;
    this.#seconds = new Float64Array(MOST_KEPT);
    this.#count = 0;
  }

  add(seconds: number): void {
    if (this.#count === MOST_KEPT) this.flush();
    this.#seconds[this.#count++] = seconds;
  }

  flush(): void {
    for (let i = 0; i < this.#count; i++) this.#histogram.observe(this.#seconds[i]!);
    this.#count = 0;
  }
}

/** One exposition over the snapshots of several processes: counters and memory added up. */
export async function aggregate(snapshots: readonly object[][]): Promise<Exposition> {
  const registry = AggregatorRegistry.aggregate(snapshots as object[][]);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function watchCache(registers: Registry[], read: () => CacheCounts): void {
  const totals = [
    ['store_block_cache_hits_total', 'Blocks found in the cache', 'hits'],
    ['store_block_cache_misses_total', 'Blocks that were not in the cache', 'misses'],
    ['store_block_cache_evictions_total', 'Blocks evicted from the cache', 'evictions'],
    ['store_block_reads_total', 'Reads of blocks from files', 'reads'],
    ['store_block_read_bytes_total', 'Bytes of those reads', 'readBytes'],
    ['store_filter_negatives_total', 'Look-ups answered by a filter without reading a block', 'filterNegatives'],
    ['store_filter_false_positives_total', 'Absent keys that a filter let through', 'filterFalsePositives'],
  ] as const;
  for (const [name, help, field] of totals) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        // The cache counts for itself; a counter can only be set by starting anew.
        this.reset();
        this.inc(read()[field]);
      },
    });
  }
  const sizes = [
    ['store_block_cache_bytes', 'Bytes held by the block cache', 'bytes'],
    ['store_block_cache_capacity_bytes', 'Bytes that the block cache may hold', 'capacityBytes'],
    ['store_pinned_bytes', 'Bytes of the filters and indexes of block files', 'pinnedBytes'],
  ] as const;
  for (const [name, help, field] of sizes) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read()[field]);
      },
    });
  }
}

function watchSteps(registers: Registry[], read: () => ReadonlyMap<string, number>): void {
  new Counter({
    name: 'rewrite_worker_duration_seconds_total',
    help: 'Time spent by each worker of the pipeline, and by "compose", which makes the answer',
    labelNames: ['worker'],
    registers,
    collect() {
      // As with the cache: the rewriter counts for itself.
      this.reset();
      for (const [worker, ms] of read()) this.inc({ worker }, ms / 1000);
    },
  });
}
