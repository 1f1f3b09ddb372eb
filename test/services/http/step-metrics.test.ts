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
