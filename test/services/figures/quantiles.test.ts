import { firstQuartile, median, percentile, quantile } from '../../../services/figures/quantiles.ts';

describe('percentile', () => {
  it('interpolates between the neighbours', () => {
    expect(percentile([1, 2, 3, 4, 5], 0.5)).toBe(3);
    expect(percentile([1, 2], 0.25)).toBe(1.25);
    expect(percentile([4], 0.99)).toBe(4);
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('median, quantile and first quartile', () => {
  it('are values that were measured, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(3);
    expect(median(Float64Array.of(10, 9, 2))).toBe(9);
    expect(firstQuartile([8, 7, 6, 5, 4, 3, 2, 1])).toBe(3);
    expect(quantile([10, 30, 20, 40], 0.5)).toBe(20);
    expect(quantile([10, 30, 20, 40], 0.51)).toBe(30);
    expect(quantile([10, 30, 20, 40], 1)).toBe(40);
  });

  it('leave what they were given as it was', () => {
    const values = [3, 1, 2];
    expect([median(values), firstQuartile(values), quantile(values, 0.9)]).toEqual([2, 1, 3]);
    expect(values).toEqual([3, 1, 2]);
  });

  it('are not a number for no values', () => {
    expect([median([]), firstQuartile([]), quantile([], 0.5)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
