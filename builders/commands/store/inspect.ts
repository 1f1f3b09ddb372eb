/** `emend store inspect` and `verify`: what a store file holds, and whether it is whole. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BlocksReader } from '../../../stores/blocks/reader.ts';
import { FST_VERSION, SECTION_NAMES } from '../../../stores/fst/format.ts';
import { FstStore } from '../../../stores/fst/reader.ts';
import { openStore } from '../../../stores/open.ts';
import type { Store } from '../../../stores/store.ts';
import { type CommandIo, UsageError } from '../../command.ts';

/** Figures by name; nested where they belong together. */
interface Facts {
  readonly [name: string]: number | string | boolean | Facts;
}

/** Runs `emend store inspect`. */
export async function inspect(args: string[], io: CommandIo): Promise<number> {
  const { path, json } = parse('inspect', args);
  const file = resolve(io.cwd, path);
  const store = openStore(file);
  try {
    const fileBytes = statSync(file).size;
    const facts: Facts = {
      path,
      kind: store.storeKind,
      values: store.valueKind,
      keys: store.keyCount,
      fileBytes,
      bytesPerKey: store.keyCount === 0 ? 0 : Number((fileBytes / store.keyCount).toFixed(3)),
      pinnedBytes: store.memory().pinnedBytes,
      ...details(store),
    };
    io.stdout.write(json ? `${JSON.stringify(facts)}\n` : table(facts, ''));
  } finally {
    store.close();
  }
  return 0;
}

/** Runs `emend store verify`. */
export async function verify(args: string[], io: CommandIo): Promise<number> {
  const { path, json } = parse('verify', args);
  const store = openStore(resolve(io.cwd, path));
  try {
    store.verify();
    const { storeKind: kind, keyCount: keys } = store;
    io.stdout.write(json ? `${JSON.stringify({ path, kind, keys, ok: true })}\n` : `${path}: whole, ${keys} keys\n`);
  } finally {
    store.close();
  }
  return 0;
}

function parse(command: string, args: string[]): { path: string; json: boolean } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError(`${command} needs one store FILE`);
  return { path, json: values.json };
}

function details(store: Store): Facts {
  if (store instanceof FstStore) {
    const { header } = store;
    return {
      formatVersion: FST_VERSION,
      textVersion: header.textVersion,
      ordinals: header.ordinals,
      minimal: header.minimal,
      ...(store.valueKind === 'uint' ? { valuePacking: store.valueShape() } : {}),
      sectionBytes: Object.fromEntries(SECTION_NAMES.map((name) => [name, header.sections[name].length])),
      nodes: store.formCounts(),
      parameters: store.parameters() as Facts,
    };
  }
  if (store instanceof BlocksReader) return flat(store.meta as unknown as Record<string, unknown>);
  return {};
}

/** What of a record can be shown: numbers, words and records of them. */
function flat(record: Record<string, unknown>): Facts {
  const facts: Record<string, number | string | boolean | Facts> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') facts[name] = value;
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      facts[name] = flat(value as Record<string, unknown>);
    }
  }
  return facts;
}

function table(facts: Facts, indent: string): string {
  let text = '';
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'object') text += `${indent}${name}\n${table(value, `${indent}  `)}`;
    else text += `${indent}${name.padEnd(22 - indent.length)}${value}\n`;
  }
  return text;
}
