/**
 * Emend beside the spell checkers that a search engine or a library brings along, over labelled queries: what each puts right, what
 * it breaks, what that comes to, how long it takes and what memory it holds.
 *
 *   npm run peers -- --rows DIR
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compiled } from '../../data/package-root.ts';
import { markdownLines } from '../../services/figures/markdown.ts';
import { sample } from '../../services/figures/random.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { bundledDataset } from '../program/bundled-dataset.ts';
import { ASPELL } from './aspell-peer.ts';
import { emend } from './emend-peer.ts';
import { emendServerMemory } from './emend-server.ts';
import { LUCENE } from './lucene-peer.ts';
import { doNothing, measurePeer, type PeerResult } from './measure.ts';
import { OPENSEARCH } from './opensearch-peer.ts';
import type { Peer, Workshop } from './peer.ts';
import { type NamedResult, peerTable } from './peer-table.ts';
import { type MeasuredSet, readSources } from './rows.ts';
import { SOLR } from './solr-peer.ts';
import { SYMSPELL } from './symspell-peer.ts';

const HELP = `Measures Emend beside other spell checkers: what each puts right and breaks, its time a query and its memory.

  npm run peers -- --rows DIR

Usage: npm run peers -- --rows DIR [--peer NAME]... [--choose] [--json | --markdown] [--work DIR] [--dataset DIR]

--rows      folder with wild.dev.tsv, homedepot_queries.dev.tsv, msmarco_typos.dev.tsv, or some of them
--peer      only those whose name holds this; all by default
--choose    in place of the table: the net gain of every setting of each peer over the even halves, by which they are chosen
--limit     rows of a set, drawn at random (seed 1) where it has more; all by default, 1000 with --choose
--json      print all figures as JSON, outputs included
--markdown  print Markdown (default)
--work      folder for what is fetched and built, 600 MB; emend-peers in the system's temporary folder by default
--dataset   folder of the dataset version; the bundled English one by default, built first if need be

Peers that cannot be run here are named on stderr with what they need.
`;

const PEERS: readonly Peer[] = [SYMSPELL, ASPELL, LUCENE, SOLR, OPENSEARCH, emend('suggest'), emend('auto')];

/** Queries asked before anything is timed. */
const WARM_UP_QUERIES = 2000;
const CHOOSING_ROWS = 1000;
const SEED = 1;

async function main(): Promise<number> {
  const values = programArguments('peers', HELP, {
    rows: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    choose: { type: 'boolean', default: false },
    limit: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    work: { type: 'string', default: join(tmpdir(), 'emend-peers') },
    dataset: { type: 'string' },
  });
  if (values.rows === undefined || !existsSync(values.rows)) {
    process.stderr.write('peers: --rows: expected a folder of labelled queries; see --help\n');
    return 2;
  }
  const { reported, choosing } = await readSources(values.rows);
  if (reported.length === 0) {
    process.stderr.write(`peers: --rows: ${values.rows}: expected one of the files that --help names, found none\n`);
    return 2;
  }
  const asked = PEERS.filter(({ name }) => values.peer.length === 0 || values.peer.some((part) => name.includes(part)));
  const limit =
    values.limit === undefined
      ? values.choose
        ? CHOOSING_ROWS
        : Number.POSITIVE_INFINITY
      : positiveNumber('peers', '--limit', values.limit);
  const workshop = openWorkshop(resolve(values.work), values.dataset ?? bundledDataset());
  const present = asked.filter((peer) => {
    const missing = peer.missing(workshop);
    if (missing !== undefined) process.stderr.write(`peers: ${peer.name} is left out; to have it: ${missing}\n`);
    return missing === undefined;
  });
  const cut = (sets: readonly MeasuredSet[]) => sets.map((set) => sampleOf(set, limit));
  // Of rows that are not measured: what a peer remembers of a query would help it with that alone.
  const others = choosing.flatMap(({ rows }) => rows.map(({ input }) => input));
  const warmUp = sample(others, WARM_UP_QUERIES, SEED);
  if (values.choose) {
    for (const peer of present) await compareVariants(peer, workshop, cut(choosing));
    return 0;
  }
  const sets = cut(reported);
  const results: NamedResult[] = [{ name: 'doing nothing', result: doNothing(sets) }];
  for (const peer of present) {
    process.stderr.write(`peers: ${peer.name} ...\n`);
    if (peer.asItComes !== undefined) {
      const result = await measurePeer(peer.asItComes, workshop, warmUp, sets);
      results.push({ name: `${peer.name}, as it comes`, result });
    }
    const result = await measurePeer(peer.chosen, workshop, warmUp, sets);
    results.push({ name: peer.name, result: peer.isServer ? await asServer(result, workshop, warmUp) : result });
  }
  const machine = `${cpus()[0]?.model ?? '?'}, ${availableParallelism()} cores, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(2)}`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, results }, null, 1)}\n`
      : `${peerTable(results)}\n${machine}\n\nnet: queries put right less queries broken of a thousand, 6 % of them misspelled. Times: the first set.\n`,
  );
  return 0;
}

async function asServer(result: PeerResult, { dataset }: Workshop, queries: readonly string[]): Promise<PeerResult> {
  return { ...result, memoryBytes: await emendServerMemory(dataset, queries) };
}

/** At most `limit` rows of a set, the same in every run. */
function sampleOf(set: MeasuredSet, limit: number): MeasuredSet {
  if (set.rows.length <= limit) return set;
  const rows = sample(set.rows, limit, SEED);
  const drawn = new Set(rows);
  return { ...set, rows, clear: set.clear?.filter((row) => drawn.has(row)) ?? null };
}

/** Makes the folder and the plain files of the dataset in it, where they are not there yet. */
function openWorkshop(dir: string, dataset: string): Workshop {
  const material = join(dir, 'material');
  const workshop = { dir, material, dataset };
  if (existsSync(join(material, 'pairs.tsv'))) return workshop;
  mkdirSync(dir, { recursive: true });
  process.stderr.write(`peers: writing the dataset's terms, pairs and documents to ${material} ...\n`);
  const program = compiled('load/peers/export-material.js');
  const { status } = spawnSync(process.execPath, [program, dataset, material], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} ended with code ${status}`);
  return workshop;
}

async function compareVariants(peer: Peer, workshop: Workshop, sets: Parameters<typeof measurePeer>[3]): Promise<void> {
  const rows: { net: number; cells: string[] }[] = [];
  for (const variant of peer.variants) {
    process.stderr.write(`peers: ${peer.name}: ${variant.settings} ...\n`);
    const result = await measurePeer(variant, workshop, [], sets);
    const nets = result.sets.map(({ netPerThousand }) => netPerThousand.value ?? 0);
    const net = nets.reduce((sum, value) => sum + value, 0) / nets.length;
    const shares = result.sets.map(
      ({ fix, broken }) => `${(100 * (fix.share ?? 0)).toFixed(1)} / ${(100 * (broken.share ?? 0)).toFixed(1)}`,
    );
    process.stderr.write(`peers: ${shares.join(', ')}, mean net ${net.toFixed(1)}\n`);
    const chosen = variant.settings === peer.chosen.settings;
    rows.push({ net, cells: [`${variant.settings}${chosen ? ' (chosen)' : ''}`, ...shares, net.toFixed(1)] });
  }
  rows.sort((a, b) => b.net - a.net);
  const head = [peer.name, ...sets.map(({ name }) => `${name}: fix / broken %`), 'mean net'];
  process.stdout.write(
    `${markdownLines(
      head,
      rows.map(({ cells }) => cells),
    ).join('\n')}\n\n`,
  );
}

process.exitCode = await main();
