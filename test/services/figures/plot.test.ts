import { linearAxis, logAxis } from '../../../services/figures/axes.ts';
import { barChart } from '../../../services/figures/bar-chart.ts';
import { plotSvg } from '../../../services/figures/plot.ts';

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
});

describe('plotSvg', () => {
  it('draws points where their values lie and escapes text', () => {
    const axis = { label: 'a < b', low: 0, high: 1, ticks: [0, 1], format: String };
    const points = [
      [0, 0],
      [1, 1],
    ] as const;
    const svg = plotSvg({
      title: 'R & D',
      x: axis,
      y: axis,
      series: [{ label: 's', colour: '#000', style: 'both', points }],
      legend: 'top left',
    });
    expect(svg).toContain('R &amp; D');
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('d="M70.0 422.0L620.0 44.0"');
    expect(svg).toContain('<circle cx="620.0" cy="44.0"');
  });

  it('can be drawn without any value, and with equal ones', () => {
    for (const values of [[], [5, 5]]) {
      const x = linearAxis('x', values, String);
      const y = logAxis('y', values, String);
      const points = values.map((value) => [value, value] as const);
      const series = [{ label: '"one" & two', style: 'both' as const, points }];
      const svg = plotSvg({ title: 'a < b', x, y, series, legend: 'beside', limit: 10 });
      expect(svg).toContain('a &lt; b');
      expect(svg).toContain('&amp; two');
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });

  it('puts 0 at the low end of a log axis', () => {
    const y = logAxis('y', [1, 100], String);
    const x = linearAxis('x', [1], String);
    const series = [{ label: '', style: 'dots' as const, points: [[1, 0]] as const }];
    expect(plotSvg({ title: '', x, y, series, legend: 'beside' })).toContain('<circle cx="540.0" cy="382.0"');
  });
});

describe('barChart', () => {
  it('draws a bar for each value above 0, the longest over the whole width', () => {
    const svg = barChart(
      'a < b',
      ['one', 'two'],
      [
        { name: 'x & y', bars: [10, 5] },
        { name: 'z', bars: [0, Number.NaN] },
      ],
    );
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('x &amp; y');
    expect(svg).toContain('width="540.0"');
    expect(svg).toContain('width="270.0"');
    expect(svg).not.toContain('NaN');
  });
});
