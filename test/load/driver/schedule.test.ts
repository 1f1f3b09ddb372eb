import { poissonSchedule } from '../../../load/driver/schedule.ts';

describe('a schedule of Poisson arrivals', () => {
  it('has the number of requests that rate and time ask for, in order, within the time', () => {
    const due = poissonSchedule(1000, 10, 1);
    expect(due.length).toBe(10_000);
    expect(due.every((at, i) => at > (due[i - 1] ?? 0))).toBe(true);
    expect(due[due.length - 1]).toBeLessThan(10_000);
  });

  it('is the same for the same seed and another for another', () => {
    expect(poissonSchedule(100, 1, 7)).toEqual(poissonSchedule(100, 1, 7));
    expect(poissonSchedule(100, 1, 7)).not.toEqual(poissonSchedule(100, 1, 8));
  });

  it('has gaps that are exponentially distributed: as much spread as mean, 1/e of them beyond the mean', () => {
    const due = poissonSchedule(1000, 20, 3);
    const gaps = Array.from(due, (at, i) => at - (due[i - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.95);
    expect(deviation / mean).toBeLessThan(1.05);
    const beyond = gaps.filter((gap) => gap > mean).length / gaps.length;
    expect(Math.abs(beyond - Math.exp(-1))).toBeLessThan(0.02);
  });
});
