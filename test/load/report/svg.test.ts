import { linearAxis, logAxis, plotSvg } from '../../../load/report/svg.ts';

describe('axes', () => {
  it('hold all values between round ends', () => {
    for (const most of [0.3, 1, 7, 99, 1234]) {
      const axis = linearAxis('', [0, most], String);
      expect(axis.low).toBe(0);
      expect(axis.high).toBeGreaterThanOrEqual(most);
      expect(axis.ticks.length).toBeGreaterThanOrEqual(3);
      expect(axis.ticks.length).toBeLessThanOrEqual(8);
    }
    const axis = logAxis('', [0.4, 30], String);
    expect(axis.low).toBeLessThanOrEqual(0.4);
    expect(axis.high).toBeGreaterThanOrEqual(30);
  });

  it('can be drawn without any value, and with equal ones', () => {
    for (const values of [[], [5, 5]]) {
      const x = linearAxis('x', values, String);
      const y = logAxis('y', values, String);
      const points = values.map((value) => [value, value] as const);
      const svg = plotSvg('a < b', x, y, [{ label: '"one" & two', marked: true, points }], 10);
      expect(svg).toContain('a &lt; b');
      expect(svg).toContain('&amp; two');
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });
});
