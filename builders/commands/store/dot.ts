/** `emend store dot`: the automaton of an FST as a graph for Graphviz. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FstStore } from '../../../stores/fst/reader.ts';
import { openStore } from '../../../stores/open.ts';
import { type CommandIo, UsageError } from '../../command.ts';
import { ByteOutput } from './lines.ts';
import { parseCount } from './look-up.ts';

const DEFAULT_LIMIT = 500;

/** Runs `emend store dot`. */
export async function dot(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { limit: { type: 'string' } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('dot needs one store FILE');
  const limit = values.limit === undefined ? DEFAULT_LIMIT : parseCount('--limit', values.limit);
  const store = openStore(resolve(io.cwd, path));
  try {
    if (!(store instanceof FstStore)) throw new UsageError(`dot draws an FST; ${path} is of kind ${store.storeKind}`);
    const output = new ByteOutput(io.stdout);
    output.pushText('digraph fst {\n  rankdir=LR; node [shape=circle, label=""];\n');
    for (const node of store.nodes(limit)) {
      const shape = node.final ? ', shape=doublecircle' : '';
      output.pushText(`  n${node.address} [tooltip="node at ${node.address}"${shape}];\n`);
      for (const { label, target, keysBefore } of node.transitions) {
        const ordinal = store.header.ordinals && keysBefore > 0 ? ` / ${keysBefore}` : '';
        output.pushText(`  n${node.address} -> n${target} [label="${labelText(label)}${ordinal}"];\n`);
      }
      if (output.full) await output.flush();
    }
    output.pushText('}\n');
    await output.flush();
  } finally {
    store.close();
  }
  return 0;
}

/** A byte as it reads: itself where it is plain ASCII, else its hexadecimal digits. */
function labelText(byte: number): string {
  if (byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c) return String.fromCharCode(byte);
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
