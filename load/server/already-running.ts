import type { RunningServer } from './running-server.ts';

/**
 * A server that runs already, started by somebody else: it is neither kept on a core nor stopped, and its process is not known.
 *
 * @throws {Error} when nothing answers there
 */
export async function alreadyRunning(url: URL): Promise<RunningServer> {
  const server: RunningServer = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    pid: 0,
    readyMs: undefined,
    stop: async () => {},
  };
  try {
    await (await fetch(`${baseUrl(server)}/readyz`)).arrayBuffer();
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${url.href}: expected a server that answers (start one with "npm start"), found none: ${why}`);
  }
  return server;
}

/** `http://HOST:PORT` of a server, its address in brackets where it has colons. */
export function baseUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
