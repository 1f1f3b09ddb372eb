/**
 * What Emend replaces: the same service, the same pipeline, over JavaScript Maps.
 *
 *   node --max-old-space-size=12000 dist/load/maps/server.js --dataset DIR [--port N]
 */
import { parseArgs } from 'node:util';
import { parseConfig } from '../../services/config.ts';
import { runService, stopSignal } from '../../services/main.ts';
import { createRewriter } from '../../services/rewrite/pipeline.ts';
import { fillMaps } from './fill.ts';

const { values } = parseArgs({ options: { dataset: { type: 'string' }, port: { type: 'string', default: '0' } } });
const { dataset } = values;
if (dataset === undefined) throw new Error('expected --dataset DIR, found none');

const config = parseConfig({}, { host: '127.0.0.1', port: values.port }, {});
const { stdin, stdout, stderr } = process;
process.exitCode = await runService({
  config,
  io: { stdin, stdout, stderr, env: {}, cwd: process.cwd() },
  async open() {
    const { parts, entries, fillMs } = fillMaps(dataset);
    stderr.write(`maps: ${entries} entries in ${Math.round(fillMs)} ms\n`);
    const rewriter = createRewriter(parts);
    return { rewriter, stepMs: () => rewriter.stepMs(), close() {} };
  },
  stop: stopSignal(),
  onListening(port) {
    stderr.write(`maps: ready on http://127.0.0.1:${port}\n`);
  },
});
