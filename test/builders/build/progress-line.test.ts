import { describeProgress, formatBytes } from '../../../builders/build/progress-line.ts';

describe('describeProgress', () => {
  it('tells share, rate and remaining time as far as they are known', () => {
    expect(describeProgress('reading', 30e6, 60e6, 'bytes', 3000)).toBe('reading: 50 %, 10.0 MB/s, 0:03 left');
    expect(describeProgress('reading', 30e6, 0, 'bytes', 3000)).toBe('reading: 10.0 MB/s');
    expect(describeProgress('terms', 250, 1000, 'entries', 30_000)).toBe('terms: 25 %, 1:30 left');
  });

  it('guesses nothing from little', () => {
    expect(describeProgress('reading', 0, 60e6, 'bytes', 5000)).toBe('reading: 0 %');
    expect(describeProgress('reading', 30e6, 60e6, 'bytes', 500)).toBe('reading: 50 %');
    expect(describeProgress('terms', 1, 1000, 'entries', 5000)).toBe('terms: 0 %');
    expect(describeProgress('vocabulary', 0, 1, 'entries', 5000)).toBe('vocabulary ...');
  });
});

describe('formatBytes', () => {
  it('takes the unit that leaves one to three digits', () => {
    expect([0, 999, 1000, 12_345_678, 2e9].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '12.3 MB', '2.00 GB']);
  });
});
