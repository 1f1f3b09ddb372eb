import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { proxyUntil } from '../../../services/commands/proxy.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';
import { engine, fetchRaw, jsonRequest } from '../../support/engine.ts';
import { codeOfPromise } from '../../support/error-code.ts';

let folder = '';
let requests = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-proxy-command-'));
  requests = join(folder, 'requests.json');
  const named = { name: 'shop', path: '/*/_search', engine: 'elasticsearch', pointer: '/q' };
  writeFileSync(requests, JSON.stringify({ mode: 'rewrite', requests: [named] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string[]) => proxyUntil(args, captureIo({ cwd: folder }), NO_DEPS, () => Promise.resolve());

describe('emend proxy', () => {
  it.each([
    ['--requests r.json', 'no upstream'],
    ['--upstream http://h', 'no requests file'],
    ['--upstream h:1 --requests r.json', 'no URL'],
    ['--upstream ftp://h --requests r.json', 'another protocol'],
    ['--upstream http://h/path --requests r.json', 'a path'],
    ['--upstream http://u:p@h --requests r.json', 'a password'],
    ['--upstream http://h --upstream-ca ca.pem --requests r.json', 'certificates without TLS'],
    ['--upstream http://h --requests r.json --port 65536', 'no port'],
    ['--upstream http://h --requests REQUESTS --emend http://e --dataset d', 'a dataset for a rewriter elsewhere'],
  ])('refuses "%s": %s', async (line) => {
    const args = line.split(' ').map((word) => (word === 'REQUESTS' ? requests : word));
    expect(await codeOfPromise(() => run(args))).toBe('USAGE');
  });

  it('refuses a requests file, or certificates, that are not there', async () => {
    expect(await codeOfPromise(() => run(['--upstream', 'http://h', '--requests', 'gone.json']))).toBe('CONFIG_FILE');
    const args = ['--upstream', 'https://h', '--upstream-ca', 'gone.pem', '--requests', requests];
    expect(await codeOfPromise(() => run(args))).toBe('CONFIG_FILE');
  });

  it('speaks TLS to an engine, by certificates that are given, and counts what it does', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', [...args, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const secure = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
      request.pipe(response);
    });
    await new Promise<void>((done) => secure.listen(0, 'localhost', done));
    const service = await engine(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const { q } = JSON.parse(body);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ query: q, rewritten: 'lamp', search: 'lamp', decision: 'auto', edits: [], alternatives: [] }),
      );
    });
    const io = captureIo({ cwd: folder });
    let stop: () => void = () => {};
    const stopped = new Promise<void>((done) => {
      stop = done;
    });
    const upstream = [
      '--upstream',
      `https://localhost:${(secure.address() as AddressInfo).port}`,
      '--upstream-ca',
      cert,
    ];
    const ports = ['--port', '0', '--metrics-port', '0', '--emend', `http://127.0.0.1:${service.port}`];
    const code = proxyUntil([...upstream, '--requests', requests, ...ports], io, NO_DEPS, () => stopped);
    try {
      while (!io.err().includes('ready on')) await wait(10);
      const [port, metrics] = [/ready on \S+:(\d+)/, /metrics on (\S+)/].map((told) => told.exec(io.err())?.[1] ?? '');
      const came = await fetchRaw(Number(port), jsonRequest('/shop/_search', '{"q":"lmap"}'));
      expect(came.body.toString()).toBe('{"q":"lamp"}');
      await fetchRaw(Number(port), jsonRequest('/other', '{"q":"lmap"}'));
      const text = await (await fetch(metrics ?? '')).text();
      expect(text).toContain('proxy_outcomes_total{request="shop",mode="rewrite",outcome="rewritten"} 1');
      expect(text).toContain('proxy_requests_total{request=""} 1');
      expect(text).toContain('proxy_rewriter_up 1');
      expect(JSON.parse(io.out())).toMatchObject({
        request: 'shop',
        outcome: 'rewritten',
        text: 'lmap',
        search: 'lamp',
      });
    } finally {
      stop();
      expect(await code).toBe(0);
      secure.close();
      secure.closeAllConnections();
      await service.close();
    }
  });
});
