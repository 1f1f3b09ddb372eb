import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';

/** Nothing from elsewhere, nothing inline, no frames: the page shows what strangers typed. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const FILES = [
  ['/', 'index.html', 'text/html'],
  ['/playground.js', 'playground.js', 'text/javascript'],
  ['/playground.css', 'playground.css', 'text/css'],
] as const;

/** `GET /`: a page to try queries on, and its two files; each read when first asked for and kept. */
export function playgroundRoutes(deps: AppDeps): Route[] {
  return FILES.map(([path, name, type]) => {
    let content: Buffer | undefined;
    return {
      path,
      methods: {
        async GET(request, response) {
          requireAccepts(request, type);
          content ??= await readFile(join(deps.assetsDir, 'playground', name));
          response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
          response.setHeader('Referrer-Policy', 'no-referrer');
          sendBody(response, 200, `${type}; charset=utf-8`, content);
        },
      },
    };
  });
}
