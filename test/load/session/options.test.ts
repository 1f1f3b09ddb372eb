import { parseLoadOptions, UsageError } from '../../../load/session/options.ts';

describe('the command line of a load run', () => {
  it('has defaults', () => {
    expect(parseLoadOptions([], {})).toMatchObject({
      mode: 'standard',
      ratePerSecond: 1000,
      limitMs: 10,
      seconds: 8,
      repeats: 3,
    });
    expect(parseLoadOptions(['--quick'], {})).toMatchObject({
      mode: 'quick',
      workload: 'natural',
      seconds: 12,
      seed: 1,
    });
    expect(parseLoadOptions(['--full'], { EMEND_CORPUS_DIR: '/corpus' })).toMatchObject({
      mode: 'full',
      corpus: '/corpus',
    });
  });

  it.each([
    [['--quick', '--full']],
    [['--rate', '0']],
    [['--rate', 'fast']],
    [['--url', 'http://example.com/']],
    [['--url', 'http://127.0.0.1.example.com/']],
    [['--url', 'nonsense']],
    [['--unknown']],
    [['stray']],
  ])('refuses %j', (args) => {
    expect(() => parseLoadOptions(args, {})).toThrow(UsageError);
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1:8080/', 'http://[::1]:8080'])('drives %s', (url) => {
    expect(parseLoadOptions(['--url', url], {}).url?.port).toBe('8080');
  });
});
