import { createMetrics } from '../../../services/http/metrics.ts';

describe('the figures of the pipeline', () => {
  it('tell the seconds spent by step, as they stand when asked', async () => {
    const metrics = createMetrics({ version: '0.0.0', dataset: 'sha256:0' });
    let spell = 250;
    metrics.watchSteps(
      () =>
        new Map([
          ['spell', spell],
          ['compose', 2000],
        ]),
    );
    expect((await metrics.exposition()).text).toContain('rewrite_worker_duration_seconds_total{worker="spell"} 0.25');
    spell = 500;
    const { text } = await metrics.exposition();
    expect(text).toContain('rewrite_worker_duration_seconds_total{worker="spell"} 0.5');
    expect(text).toContain('rewrite_worker_duration_seconds_total{worker="compose"} 2');
  });
});

describe('the figures of requests', () => {
  it('are whole whenever they are asked for', async () => {
    const metrics = createMetrics({ version: '0.0.0', dataset: 'sha256:0' });
    await metrics.load();
    for (let asked = 1; asked <= 2; asked++) {
      for (let i = 0; i < 300; i++) {
        metrics.requestStarted();
        metrics.requestFinished('/rewrite', 'GET', i % 3 === 0 ? 400 : 200);
        metrics.rewriteFinished('single', 0.0025);
        metrics.decided(i % 2 === 0 ? 'none' : 'auto');
      }
      metrics.requestStarted();
      const { text } = await metrics.exposition();
      expect(text).toContain(`http_requests_total{route="/rewrite",method="GET",status="400"} ${100 * asked}`);
      expect(text).toContain(`http_requests_total{route="/rewrite",method="GET",status="200"} ${200 * asked}`);
      expect(text).toContain(`rewrite_request_duration_seconds_count{mode="single"} ${300 * asked}`);
      expect(text).toContain(`rewrite_request_duration_seconds_bucket{le="0.003",mode="single"} ${300 * asked}`);
      expect(text).toContain(`rewrite_queries_total{decision="auto"} ${150 * asked}`);
      expect(text).toContain(`http_requests_in_flight ${asked}`);
    }
  });
});
