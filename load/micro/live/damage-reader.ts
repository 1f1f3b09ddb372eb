/** One of the processes of `crashes.ts`: damages the file at one place after the other and says what a reader makes of it. */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openRules } from '../../../services/rules/live-rules.ts';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';

const [source = '', what, start] = process.argv.slice(2);
const whole = readFileSync(join(source, 'collections.mdb'));
const folder = `${source}-${process.pid}`;
mkdirSync(folder, { recursive: true });
const file = join(folder, 'collections.mdb');

for (let at = Number(start); at < whole.length; at++) {
  if (what === 'turned-open') underReader(at);
  else if (what === 'turned-served') await underService(at);
  else {
    const damaged = Buffer.from(whole.subarray(0, what === 'cut' ? at : whole.length));
    if (what === 'turned') damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    writeFileSync(file, damaged);
    process.stdout.write(`${answerOf(verified)}\n`);
  }
}

/** As a service opens it. */
function verified(): Collections {
  const collections = openCollections(folder, { readOnly: true });
  try {
    collections.verify();
    return collections;
  } catch (error) {
    collections.close();
    throw error;
  }
}

/** The file is damaged while a reader has it open. */
function underReader(at: number): void {
  writeFileSync(file, whole);
  const collections = openCollections(folder, { readOnly: true });
  collections.verify();
  turn(at);
  process.stdout.write(`${answerOf(() => collections)}\n`);
}

/** The file is damaged while a service has it open, which asks for a rule with each request. */
async function underService(at: number): Promise<void> {
  writeFileSync(file, whole);
  const told: string[] = [];
  const rules = openRules(folder, { onProblem: (problem) => told.push(String((problem as { code?: unknown }).code)) });
  const ask = () => [rules.isProtected('key 7'), rules.isProtected('key 7?'), rules.override('key 7')].join();
  const before = ask();
  await nextTurn();
  turn(at);
  const answers = new Set<string>();
  for (let request = 0; request < 3; request++) {
    answers.add(ask());
    await nextTurn();
  }
  rules.close();
  const isSame = answers.size === 1 && answers.has(before);
  process.stdout.write(`${told[0] ?? (isSame ? 'the value' : `ANOTHER: ${[...answers].join('; ')}`)}\n`);
}

function turn(at: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Uint8Array.of((whole[at] as number) ^ (1 << (at % 8))), 0, 1, at);
  closeSync(descriptor);
}

function answerOf(open: () => Collections): string {
  let collections: Collections | undefined;
  try {
    collections = open();
    const values = new Set(collections.map('m').values());
    const one = collections.map('m').get('key 7');
    if (values.size === 1 && values.has(one as string)) return one === 'second' ? 'the value' : 'the old value';
    return one === undefined ? 'a miss' : 'A WRONG VALUE';
  } catch (error) {
    return String((error as { code?: unknown }).code ?? 'an error of lmdb-js');
  } finally {
    collections?.close();
  }
}
