import { processesFor, ratePerProcess } from '../../../load/report/machines.ts';

describe('from CPU a query to machines', () => {
  it.each([
    [0.3, 2000, 1, 2],
    [0.46, 1304, 1, 3],
    [1.26, 476, 2, 9],
  ])('%f ms are %i queries/s of a process, %i processes for 770/s and %i for 3,900/s', (cpuMs, rate, few, many) => {
    expect(Math.round(ratePerProcess(cpuMs))).toBe(rate);
    expect(processesFor(cpuMs, 770)).toBe(few);
    expect(processesFor(cpuMs, 3900)).toBe(many);
  });
});
