/**
 * A server that does nothing: node:http with a small JSON answer, whatever is asked. The same driver against it shows what
 * part of a latency is the machine's, the kernel's and the driver's own.
 */
import { createServer } from 'node:http';

const ANSWER = JSON.stringify({ query: 'wireles hedphones', rewritten: 'wireless headphones', decision: 'auto' });

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(ANSWER) });
  response.end(ANSWER);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stderr.write(`bare: ready on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit());
