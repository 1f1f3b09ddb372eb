/**
 * `manifest.json`: what a dataset version is made of, and from what. README.md beside this file describes every member.
 */
import { createHash } from 'node:crypto';
import { StoreError } from '../errors.ts';

export const MANIFEST_FILE = 'manifest.json';

/** Raised when a reader of the version before could misread a dataset. */
export const DATASET_FORMAT_VERSION = 1;

const FORMAT = 'emend-dataset';

/** Small facts by name, as JSON has them. */
export type Parameters = Readonly<Record<string, number | string | boolean>>;

/** One file of the dataset besides the manifest. */
export interface ManifestFile {
  /** What it is for: `terms`, `ngrams`, `deletes1`, `deletes2`, `lexicon`, ... */
  readonly name: string;
  /** Its name in the dataset's folder. */
  readonly file: string;
  /** What it is made of: a kind of store, or the name of another format. */
  readonly kind: string;
  readonly entries: number;
  readonly bytes: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** CRC-32 over its first and last 4 KiB (`endsOfFile`), 8 hexadecimal digits; missing in datasets of earlier versions. */
  readonly ends?: string;
  readonly parameters: Parameters;
}

/** One input that the dataset was built from. */
export interface ManifestInput {
  readonly name: string;
  readonly role: string;
  readonly wordClass: string;
  readonly weight: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Documents, queries or entries read, and lines left out as invalid. */
  readonly records: number;
  readonly skipped: number;
  /** Terms in it, and different n-grams kept of order 1, 2 and 3. */
  readonly tokens: number;
  readonly ngrams: readonly number[];
}

/** The content of `manifest.json`. */
export interface Manifest {
  readonly formatVersion: number;
  /** `sha256:` and 64 hexadecimal digits: see {@link datasetId}. */
  readonly id: string;
  /** Version of the program that built it. */
  readonly builder: string;
  readonly textVersion: number;
  /** Versions of Node and of its Unicode data. */
  readonly node: string;
  readonly unicode: string;
  readonly parameters: Parameters;
  readonly inputs: readonly ManifestInput[];
  readonly files: readonly ManifestFile[];
}

/**
 * The id of a dataset version: SHA-256 over a line `name<TAB>sha256<LF>` for each file, the lines in byte order. The same
 * stores have the same id, whenever, wherever and under whatever engine's file name they were built.
 */
export function datasetId(files: readonly Pick<ManifestFile, 'name' | 'sha256'>[]): string {
  const lines = files.map(({ name, sha256 }) => Buffer.from(`${name}\t${sha256}\n`)).sort(Buffer.compare);
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return `sha256:${hash.digest('hex')}`;
}

/** The manifest as it is written: JSON with two spaces of indentation, members in a fixed order. */
export function encodeManifest(manifest: Manifest): string {
  const { formatVersion, id, builder, textVersion, node, unicode, parameters, inputs, files } = manifest;
  const ordered = { format: FORMAT, formatVersion, id, builder, textVersion, node, unicode, parameters, inputs, files };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

/**
 * Reads a manifest. Members that it does not know are passed over.
 *
 * @param path for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for what is missing, of a wrong type, or at odds with the id
 */
export function decodeManifest(text: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, 'the whole', 'JSON', 'something else', cause);
  }
  const root = new Fields(value, path, 'the whole');
  if (root.any('format') !== FORMAT) {
    const found = JSON.stringify(root.any('format'));
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: expected "format": "${FORMAT}", found ${found}; this is not a dataset`,
    );
  }
  const formatVersion = root.count('formatVersion');
  if (formatVersion !== DATASET_FORMAT_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: dataset format ${formatVersion}, this program reads ${DATASET_FORMAT_VERSION}; build the dataset again with "emend build"`,
    );
  }
  const manifest: Manifest = {
    formatVersion,
    id: root.text('id'),
    builder: root.text('builder'),
    textVersion: root.count('textVersion'),
    node: root.text('node'),
    unicode: root.text('unicode'),
    parameters: root.parameters('parameters'),
    inputs: root.list('inputs').map(decodeInput),
    files: root.list('files').map(decodeFile),
  };
  const names = new Set(manifest.files.map(({ name }) => name));
  if (names.size !== manifest.files.length) throw invalid(path, 'files', 'names that differ', 'one twice');
  const id = datasetId(manifest.files);
  if (manifest.id !== id) throw invalid(path, 'id', `${id}, by the files' digests`, manifest.id);
  return manifest;
}

function decodeInput(fields: Fields): ManifestInput {
  return {
    name: fields.text('name'),
    role: fields.text('role'),
    wordClass: fields.text('wordClass'),
    weight: fields.number('weight'),
    bytes: fields.count('bytes'),
    sha256: fields.digest('sha256'),
    records: fields.count('records'),
    skipped: fields.count('skipped'),
    tokens: fields.count('tokens'),
    ngrams: fields.counts('ngrams'),
  };
}

function decodeFile(fields: Fields): ManifestFile {
  const ends = fields.any('ends') === undefined ? {} : { ends: fields.digest('ends', 8) };
  return {
    name: fields.text('name'),
    file: fields.fileName('file'),
    kind: fields.text('kind'),
    entries: fields.count('entries'),
    bytes: fields.count('bytes'),
    sha256: fields.digest('sha256'),
    ...ends,
    parameters: fields.parameters('parameters'),
  };
}

/** The members of a JSON object, each checked as it is read. */
class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #where: string;

  constructor(value: unknown, path: string, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalid(path, where, 'an object', describe(value));
    }
    this.#value = value as Record<string, unknown>;
    this.#path = path;
    this.#where = where === 'the whole' ? '' : `${where}.`;
  }

  any(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  text(name: string): string {
    const value = this.any(name);
    return typeof value === 'string' ? value : this.#fail(name, 'a text');
  }

  number(name: string): number {
    const value = this.any(name);
    return typeof value === 'number' && value >= 0 ? value : this.#fail(name, 'a number from 0');
  }

  count(name: string): number {
    const value = this.any(name);
    return isCount(value) ? value : this.#fail(name, 'a whole number from 0');
  }

  counts(name: string): number[] {
    const value = this.any(name);
    return Array.isArray(value) && value.every(isCount) ? value : this.#fail(name, 'whole numbers from 0');
  }

  digest(name: string, digits = 64): string {
    const value = this.any(name);
    return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value)
      ? value
      : this.#fail(name, `${digits} hexadecimal digits`);
  }

  /** A name without a folder: a manifest must not lead out of its folder. */
  fileName(name: string): string {
    const value = this.any(name);
    return typeof value === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value)
      ? value
      : this.#fail(name, 'the name of a file in the same folder');
  }

  parameters(name: string): Parameters {
    const value = this.any(name);
    const isPlain =
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((item) => ['number', 'string', 'boolean'].includes(typeof item));
    return isPlain ? (value as Parameters) : this.#fail(name, 'an object of numbers, texts and booleans');
  }

  list(name: string): Fields[] {
    const value = this.any(name);
    if (!Array.isArray(value)) return this.#fail(name, 'a list');
    return value.map((item, i) => new Fields(item, this.#path, `${this.#where}${name}[${i}]`));
  }

  #fail(name: string, expected: string): never {
    throw invalid(this.#path, this.#where + name, expected, describe(this.any(name)));
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}

function invalid(path: string, where: string, expected: string, found: string, cause?: unknown): StoreError {
  const message = `${path}: ${where}: expected ${expected}, found ${found}; restore the file or build the dataset again`;
  return new StoreError('DATASET_INVALID', message, { cause });
}
