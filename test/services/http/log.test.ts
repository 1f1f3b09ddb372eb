import { PassThrough } from 'node:stream';
import { createLogger } from '../../../services/http/log.ts';

function logged(level: string): { log: ReturnType<typeof createLogger>; lines: () => Record<string, unknown>[] } {
  const out = new PassThrough();
  const log = createLogger(level, out);
  const lines = () => {
    // Node 26 reads a chunk at a time, earlier versions all that there is.
    let text = '';
    for (let chunk = out.read(); chunk !== null; chunk = out.read()) text += chunk;
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  };
  return { log, lines };
}

describe('the log of the service', () => {
  it('writes lines of JSON from its level on', () => {
    const { log, lines } = logged('info');
    log.debug({ a: 1 }, 'left out');
    expect(lines()).toEqual([]);
    log.info({ a: 1 }, 'written');
    log.fatal({ err: new Error('why') }, 'stopped');
    expect(lines()).toEqual([
      expect.objectContaining({ level: 30, a: 1, msg: 'written', pid: process.pid }),
      expect.objectContaining({ level: 60, msg: 'stopped', err: expect.objectContaining({ message: 'why' }) }),
    ]);
  });

  it('says which levels it writes without having written any', () => {
    const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
    const enabled = (level: string) => levels.filter((asked) => logged(level).log.isLevelEnabled(asked));
    expect(enabled('trace')).toEqual(levels);
    expect(enabled('warn')).toEqual(['warn', 'error', 'fatal']);
    expect(enabled('silent')).toEqual([]);
  });

  it('is silent when told to be', () => {
    const { log, lines } = logged('silent');
    log.fatal({}, 'left out');
    expect(lines()).toEqual([]);
  });
});
