/** Figures of a proxy for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AskedRewriter } from './asked-rewriter.ts';
import type { ProxyMetrics } from './record.ts';

/** Seconds: around what a rewrite takes, up to the longest budget. */
const BUCKETS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 10];

/** The figures, and their text. */
export interface ProxyFigures extends ProxyMetrics {
  /** A line of the log was left out: nobody takes the lines. */
  lineLost(): void;
  exposition(): Promise<{ readonly type: string; readonly text: string }>;
}

/** Creates them in a registry of their own. */
export function proxyFigures(rewriter: AskedRewriter): ProxyFigures {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'proxy_requests_total',
    help: 'Requests taken, by the name in the requests file; empty: passed through without a look',
    labelNames: ['request'],
    registers,
  });
  const outcomes = new Counter({
    name: 'proxy_outcomes_total',
    help: 'What became of the named requests',
    labelNames: ['request', 'mode', 'outcome'],
    registers,
  });
  const passed = new Counter({
    name: 'proxy_passed_total',
    help: 'Named requests that went through as they came, by reason',
    labelNames: ['reason'],
    registers,
  });
  const added = new Histogram({
    name: 'proxy_added_seconds',
    help: 'How long a named request and its answer were held back for Emend',
    labelNames: ['mode'],
    buckets: BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'proxy_upstream_failures_total',
    help: 'Requests answered with 502: the engine could not be reached, or broke off',
    registers,
  });
  const lost = new Counter({
    name: 'proxy_log_lines_lost_total',
    help: 'Lines of the log that were left out, as nobody took them',
    registers,
  });
  new Gauge({
    name: 'proxy_rewriter_up',
    help: '1 while Emend answers, 0 while requests pass as they came',
    registers,
    collect() {
      this.set(rewriter.isUp() ? 1 : 0);
    },
  });
  return {
    came: (named) => requests.inc({ request: named ?? '' }),
    done({ request, mode, outcome, reason, addedMs }) {
      outcomes.inc({ request, mode, outcome });
      if (reason !== undefined) passed.inc({ reason });
      added.observe({ mode }, addedMs / 1000);
    },
    upstreamFailed: () => failures.inc(),
    lineLost: () => lost.inc(),
    exposition: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
