/** The memory of Emend as it is run: one server process that has answered queries over HTTP. */
import { compiled } from '../../data/package-root.ts';
import { readMemory } from '../server/process-memory.ts';
import { startServer } from '../server/running-server.ts';

/** Queries a request. */
const BATCH = 32;

/** Resident memory of `emend serve` after it has answered the queries, bytes; undefined where the system does not tell. */
export async function emendServerMemory(dataset: string, queries: readonly string[]): Promise<number | undefined> {
  const args = [compiled('services/emend.js'), 'serve', '--dataset', dataset, '--port', '0', '--workers', '1'];
  const server = await startServer({ args, cpus: undefined });
  try {
    for (let i = 0; i < queries.length; i += BATCH) {
      const response = await fetch(`http://${server.host}:${server.port}/rewrite`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ queries: queries.slice(i, i + BATCH) }),
      });
      if (!response.ok) throw new Error(`POST /rewrite: expected 200, found ${response.status}`);
      await response.arrayBuffer();
    }
    const memory = readMemory(server.pid);
    return memory && memory.anonymous + memory.file;
  } finally {
    await server.stop();
  }
}
