import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type TestService } from '../../support/http-service.ts';
import { WordRewriter } from '../../support/word-rewriter.ts';

const BROWSER = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => existsSync(path));

describe('the playground', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({}, new WordRewriter({ adidsa: 'adidas', shose: 'shoes' }));
  });
  afterAll(() => service.close());

  it('comes whole from the service, under a policy that lets nothing else in', async () => {
    const response = await fetch(`${service.url}/`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|<style|style=|onclick|<script>/);
    for (const [, path = ''] of html.matchAll(/(?:href|src)="((?!data:)[^"]+)"/g)) {
      expect((await fetch(`${service.url}/${path}`)).status).toBe(200);
    }
  });

  const inBrowser = BROWSER === undefined ? it.skip : it;

  inBrowser('shows reading, edits, protected stretches, alternatives, evidence and trace in a browser', async () => {
    const text = await pageText(`${service.url}/#q=adidsa+shose+24%2F7`);
    expect(text).toContain('<mark>adidas</mark> <mark>shoes</mark> 24/7');
    expect(text).toContain('<del>adidsa</del> → <ins>adidas</ins>');
    expect(text).toMatch(/<span[^>]*class="held"[^>]*>24\/7<\/span>/);
    expect(text).toContain('95.0 % sure that this was meant');
    expect(text).toContain('showing results for');
    expect(text).toContain('errorLogP -2.1, lmDelta 7.4, toFrequency 8120');
    expect(text).toContain('{"looked":12}');
  });

  inBrowser('shows what a stranger typed as text, whatever it is', async () => {
    const query = '<img src=x onerror="document.title=1"><b id=bold>adidsa</b> shose';
    const text = await pageText(`${service.url}/#q=${encodeURIComponent(query)}`);
    expect(text).toContain('&lt;img src=x');
    expect(text).not.toContain('<b id=');
    expect(text).toContain('<title>Emend playground</title>');
  });

  inBrowser('shows a problem as one', async () => {
    const text = await pageText(`${service.url}/#q=${'%F0%9F%91%9F'.repeat(5_000)}`);
    expect(text).toMatch(/role="alert">The query is longer than this service takes/);
  });
});

/** The document as a real browser has it once its requests are answered. */
async function pageText(url: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'emend-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=5000',
    '--dump-dom',
  ];
  try {
    return await new Promise((resolve, reject) => {
      const browser = spawn(BROWSER ?? '', [...flags, url], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 40_000 });
      const chunks: Buffer[] = [];
      browser.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      browser.on('error', reject);
      browser.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
