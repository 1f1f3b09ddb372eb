import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import express from 'express';
import { createAdminServer } from '../../../services/admin/server/server.ts';
import { parseConfig } from '../../../services/config.ts';
import { connectionsOf, createHttpServer } from '../../../services/http/server.ts';
import { readTls, type TlsServer, watchTls } from '../../../services/http/tls.ts';

let folder = '';
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-tls-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

const files = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') });

/** A certificate of its own for a name. */
function make(name: string): { cert: string; key: string } {
  const { cert, key } = { cert: join(folder, `${name}.cert`), key: join(folder, `${name}.key`) };
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert, '-subj', `/CN=${name}`], { stdio: 'ignore' });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

function install(pair: { cert: string; key: string }): void {
  writeFileSync(files().cert, pair.cert);
  writeFileSync(files().key, pair.key);
}

/** The name in the certificate that a server shows. */
function nameAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function serve(
  kind: 'admin' | 'service' = 'admin',
): Promise<{ port: number; open: () => number; told: () => Promise<Error | undefined> }> {
  const app = express();
  app.get('/', (_request, response) => void response.end('hello'));
  const tls = readTls(files());
  const server =
    kind === 'admin'
      ? createAdminServer(app, tls)
      : createHttpServer(app, parseConfig({}, {}, { maxConnections: 2 }), tls);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const waiting: ((problem: Error | undefined) => void)[] = [];
  const report = (problem: Error | undefined) => waiting.shift()?.(problem);
  const logger = { info: () => report(undefined), error: ({ err }: { err?: Error }) => report(err) };
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  closers.push(watchTls(server as unknown as TlsServer, files(), logger, 20), close);
  const told = () => new Promise<Error | undefined>((resolve) => waiting.push(resolve));
  const open = () => (kind === 'admin' ? 0 : connectionsOf(server).counts().open);
  return { port: (server.address() as AddressInfo).port, open, told };
}

describe('TLS by files', () => {
  it('takes a new certificate without a restart', async () => {
    install(make('first'));
    const { port, told } = await serve();
    expect(await nameAt(port)).toBe('first');
    const taken = told();
    install(make('second'));
    expect(await taken).toBeUndefined();
    expect(await nameAt(port)).toBe('second');
  });

  it('keeps the one before where the new one cannot be used, and says so', async () => {
    install(make('first'));
    const { port, told } = await serve();
    const refused = told();
    writeFileSync(files().cert, 'no certificate');
    expect((await refused)?.message).toContain(files().cert);
    expect(await nameAt(port)).toBe('first');
    const other = told();
    install({ cert: make('third').cert, key: readFileSync(files().key, 'utf8') });
    expect((await other)?.message).toContain('TLS from');
    expect(await nameAt(port)).toBe('first');
    const taken = told();
    install(make('fourth'));
    expect(await taken).toBeUndefined();
    expect(await nameAt(port)).toBe('fourth');
  });

  it('does not begin with files that cannot be used', () => {
    expect(() => readTls(files())).toThrow(files().cert);
    install({ cert: make('a').cert, key: make('b').key });
    expect(() => readTls(files())).toThrow('TLS from');
  });

  it('speaks nothing below TLS 1.2, and no plain HTTP', async () => {
    install(make('first'));
    const { port } = await serve();
    const old = new Promise((resolve) => {
      const socket = connect(
        {
          port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          maxVersion: 'TLSv1.1',
          minVersion: 'TLSv1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        },
        () => resolve('spoken'),
      );
      socket.on('error', () => resolve('refused'));
    });
    expect(await old).toBe('refused');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('is spoken by the service too, with its limits on connections', async () => {
    install(make('first'));
    const { port, open, told } = await serve('service');
    const get = () =>
      new Promise<string>((resolve, reject) => {
        const call = request(
          { port, host: '127.0.0.1', rejectUnauthorized: false, agent: new Agent({ keepAlive: true }) },
          (response) => {
            let text = '';
            response.on('data', (piece) => {
              text += piece;
            });
            response.on('end', () => resolve(text));
          },
        );
        call.on('error', reject);
        call.end();
      });
    // Each of them stays open; for one more the longest idle is closed.
    for (let i = 0; i < 4; i++) expect(await get()).toBe('hello');
    expect(open()).toBe(2);
    const taken = told();
    install(make('second'));
    expect(await taken).toBeUndefined();
    expect(await nameAt(port)).toBe('second');
  });
});
