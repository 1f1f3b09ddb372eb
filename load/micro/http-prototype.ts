/**
 * CPU time of the server for one small request: Express as it is, Express with request and response classes that have
 * the right prototypes from birth, and node:http alone. The difference is one of Node 20 and 22: on 24 and later Express as
 * it is costs little more, so this goes with services/http/prototypes.ts when Node 22 is no longer supported.
 *
 *   npm run build && node dist/load/micro/http-prototype.js [ROUNDS] [REQUESTS]
 *
 * Each server is a process of its own, asked in turn by this one over keep-alive connections of the loopback interface;
 * its user and system time are read before and after. Rounds are interleaved and medians shown, so a busy machine
 * disturbs all alike.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { median } from '../../services/figures/quantiles.ts';
import { expressClasses } from '../../services/http/prototypes.ts';

const VARIANTS = ['express', 'express, right prototypes', 'node:http'] as const;
type Variant = (typeof VARIANTS)[number];

const CONNECTIONS = 8;
const WARM_UP_REQUESTS = 2_000;
const ANSWER = JSON.stringify({ query: 'wireles hedphones', rewritten: 'wireless headphones', decision: 'auto' });
const BODY = JSON.stringify({ q: 'wireles hedphones' });

/** Answers a GET at once and a POST once its body has been read. */
function answer(message: IncomingMessage, response: ServerResponse): void {
  const send = () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(ANSWER) });
    response.end(ANSWER);
  };
  if (message.method === 'GET') {
    send();
    return;
  }
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    send();
  });
}

function serverOf(variant: Variant): Server {
  if (variant === 'node:http') return createServer(answer);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.route('/rewrite').all(answer);
  return variant === 'express' ? createServer(app) : createServer(expressClasses(app), app);
}

/** The child's part: a server, and its CPU time for the asking. */
function serve(variant: Variant): void {
  const server = serverOf(variant).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit());
}

async function ask(agent: Agent, port: number, method: 'GET' | 'POST'): Promise<void> {
  const headers = method === 'POST' ? { 'Content-Type': 'application/json', 'Content-Length': BODY.length } : {};
  const asked = request({ agent, port, host: '127.0.0.1', method, path: '/rewrite?q=wireles+hedphones', headers });
  asked.end(method === 'POST' ? BODY : undefined);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

async function askMany(agent: Agent, port: number, method: 'GET' | 'POST', count: number): Promise<void> {
  let left = count;
  const connection = async () => {
    while (left > 0) {
      left -= 1;
      await ask(agent, port, method);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

async function measure(rounds: number, requests: number): Promise<void> {
  const children = await Promise.all(
    VARIANTS.map(async (variant) => {
      const child = fork(fileURLToPath(import.meta.url), [variant]);
      const [port] = (await once(child, 'message')) as [number];
      return { variant, child, port, agent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS }) };
    }),
  );
  for (const method of ['GET', 'POST'] as const) {
    const figures = new Map<Variant, number[]>(VARIANTS.map((variant) => [variant, []]));
    for (const { port, agent } of children) await askMany(agent, port, method, WARM_UP_REQUESTS);
    for (let round = 0; round < rounds; round++) {
      for (const { variant, child, port, agent } of children) {
        const cpuMicros = async () => {
          child.send('cpu');
          return ((await once(child, 'message')) as [number])[0];
        };
        const before = await cpuMicros();
        await askMany(agent, port, method, requests);
        figures.get(variant)?.push(((await cpuMicros()) - before) / requests);
      }
    }
    for (const [variant, values] of figures) {
      process.stdout.write(
        `${method.padEnd(5)} ${variant.padEnd(26)} ${median(values).toFixed(1).padStart(7)} us CPU a request\n`,
      );
    }
  }
  for (const { child, agent } of children) {
    agent.destroy();
    child.disconnect();
  }
}

const [first, second] = process.argv.slice(2);
const variant = VARIANTS.find((candidate) => candidate === first);
if (variant !== undefined) serve(variant);
else await measure(Number(first ?? 5), Number(second ?? 5_000));
