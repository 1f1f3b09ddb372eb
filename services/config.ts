import { readFileSync } from 'node:fs';
import { DEFAULT_OPTIONS, type RewriteOptions, type RudeSetting } from './rewrite/options.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/**
 * | code | when |
 * | --- | --- |
 * | `CONFIG_UNKNOWN` | a setting that does not exist, in a configuration file |
 * | `CONFIG_TYPE` | a value that cannot be read as what the setting takes |
 * | `CONFIG_RANGE` | a number outside the setting's range |
 * | `CONFIG_PAIR` | a setting that does nothing without another one |
 * | `CONFIG_FILE` | a configuration file that cannot be read or is not a JSON object |
 */
export type ConfigErrorCode = 'CONFIG_UNKNOWN' | 'CONFIG_TYPE' | 'CONFIG_RANGE' | 'CONFIG_PAIR' | 'CONFIG_FILE';

/** A setting that cannot be used. The message names where it came from, what it takes and what was found. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ConfigError';
    this.code = code;
  }
}

/** The checked configuration of a service. Units, defaults and ranges: `settings.ts`. */
export interface Config {
  readonly port: number;
  /** Null: all interfaces. */
  readonly host: string | null;
  /** Null: the bundled dataset. Relative to the working directory. */
  readonly dataset: string | null;
  /** Where the bundled dataset is built; null: where it can be. Relative to the working directory. */
  readonly cacheDir: string | null;
  readonly rulesDir: string;
  /** Folder of files of live data; null: none. Relative to the working directory. */
  readonly data: string | null;
  readonly dataWaitMs: number;
  readonly keepRemovedDays: number;
  /** Origins; empty: none. */
  readonly cors: readonly string[];
  readonly logLevel: string;
  readonly logQueries: boolean;
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
  readonly maxQueryBytes: number;
  readonly maxBatch: number;
  readonly maxBodyBytes: number;
  readonly maxTokens: number;
  readonly maxAnswerBytes: number;
  readonly deadlineMs: number;
  readonly maxConcurrent: number;
  readonly maxBodiesBytes: number;
  readonly maxUnsentBytes: number;
  readonly maxUnsentTotalBytes: number;
  readonly sendTimeoutMs: number;
  readonly maxConnections: number;
  /** Queries a second of one client; 0: no limit. */
  readonly rateLimit: number;
  /** Null: a client is its address. */
  readonly rateLimitHeader: string | null;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly workers: number;
  readonly cacheBytes: number;
  readonly shared: 'auto' | 'on' | 'off';
  /** Null: a folder of this user among the temporary files. */
  readonly sharedDir: string | null;
  readonly io: 'sync' | 'async';
  /** Null: without TLS. Relative to the working directory, as the key. */
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Null: there is no admin port. */
  readonly adminPort: number | null;
  readonly adminHost: string;
  /** Relative to the working directory, as the key. */
  readonly adminTlsCert: string | null;
  readonly adminTlsKey: string | null;
  readonly adminUserHeader: string | null;
  readonly adminTrustedProxies: readonly string[];
  readonly adminUserScopes: readonly string[];
  /** What a request gets that does not say otherwise. */
  readonly defaults: RewriteOptions;
}

/** Flags as `util.parseArgs` answers them, by the flag's name; others than those of {@link SETTINGS} are left alone. */
export type Flags = Readonly<Record<string, string | boolean | undefined | (string | boolean)[]>>;

/**
 * Reads the configuration: flags over `EMEND_*` over the file over the defaults. An empty variable counts as not set.
 *
 * @param file the configuration file as {@link readConfigFile} answers it
 * @returns a frozen configuration, every value checked
 * @throws {ConfigError} for the first setting that cannot be used
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags = {},
  file: Readonly<Record<string, unknown>> = {},
): Config {
  for (const key of Object.keys(file)) {
    if (!SETTINGS.some((setting) => setting.key === key)) {
      throw new ConfigError(
        'CONFIG_UNKNOWN',
        `configuration file: unknown setting "${key}"; docs/configuration.md lists them`,
      );
    }
  }
  const values = new Map<string, Value>();
  for (const setting of SETTINGS) values.set(setting.key, resolve(setting, env, flags, file));
  return assemble(values);
}

/**
 * Reads a JSON file of settings by their names, for example `{"port": 9000, "cacheBytes": "256MiB"}`.
 *
 * @throws {ConfigError} `CONFIG_FILE` when it cannot be read or is not a JSON object
 */
export function readConfigFile(path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('CONFIG_FILE', `${path}: reading the configuration: ${why}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError('CONFIG_FILE', `${path}: expected a JSON object of settings, found ${describe(parsed)}`);
  }
  return { ...parsed };
}

type Value = string | number | boolean | null | readonly string[];

function resolve(
  setting: Setting,
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
  file: Readonly<Record<string, unknown>>,
): Value {
  const flag = flags[setting.flag];
  if (flag !== undefined) return check(setting, `--${setting.flag}`, Array.isArray(flag) ? flag.at(-1) : flag);
  const variable = env[setting.env];
  if (variable !== undefined && variable !== '' && !isServiceLink(variable)) {
    return check(setting, setting.env, variable);
  }
  const fromFile = file[setting.key];
  if (fromFile !== undefined) return check(setting, `configuration file: ${setting.key}`, fromFile);
  return setting.initial === null ? null : check(setting, setting.key, setting.initial);
}

/**
 * Kubernetes gives the pods beside a service named `emend` a variable `EMEND_PORT=tcp://10.0.0.1:8080`. It is not
 * a setting, and refusing to start because of it would puzzle those who deploy.
 */
function isServiceLink(variable: string): boolean {
  return variable.startsWith('tcp://');
}

function check(setting: Setting, source: string, found: unknown): Value {
  switch (setting.kind) {
    case 'integer':
    case 'number':
    case 'bytes':
      return checkNumber(setting, source, found);
    case 'switch':
      if (found === true || found === 'true' || found === '1') return true;
      if (found === false || found === 'false' || found === '0') return false;
      throw typeError(setting, source, found);
    case 'choice':
      if (typeof found === 'string' && setting.choices?.includes(found)) return found;
      throw typeError(setting, source, found);
    case 'list': {
      const parts = Array.isArray(found) ? found : typeof found === 'string' ? found.split(',') : [undefined];
      if (!parts.every((part) => typeof part === 'string')) throw typeError(setting, source, found);
      return parts.map((part) => part.trim()).filter((part) => part !== '');
    }
    case 'text':
      if (typeof found === 'string' && found !== '') return found;
      throw typeError(setting, source, found);
  }
}

function checkNumber(setting: Setting, source: string, found: unknown): number {
  const number =
    typeof found === 'number' ? found : typeof found === 'string' ? readNumber(setting, found) : Number.NaN;
  if (!Number.isFinite(number) || (setting.kind !== 'number' && !Number.isInteger(number))) {
    throw typeError(setting, source, found);
  }
  if (number < (setting.min ?? number) || number > (setting.max ?? number)) {
    throw new ConfigError('CONFIG_RANGE', `${source}: expected ${takes(setting)}, found ${describe(found)}`);
  }
  return number;
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

function readNumber(setting: Setting, text: string): number {
  if (setting.kind !== 'bytes') return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  const match = /^(\d+)\s*(|kib|mib|gib)$/i.exec(text.trim());
  return match ? Number(match[1]) * (FACTORS[(match[2] ?? '').toLowerCase()] ?? Number.NaN) : Number.NaN;
}

function typeError(setting: Setting, source: string, found: unknown): ConfigError {
  return new ConfigError('CONFIG_TYPE', `${source}: expected ${takes(setting)}, found ${describe(found)}`);
}

/** The values that a setting takes, in words, for error messages and documents. */
export function takes(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return `${setting.kind === 'integer' ? 'a whole number' : 'a number'} from ${setting.min} to ${setting.max}`;
    case 'bytes':
      return `a size from ${formatBytes(setting.min ?? 0)} to ${formatBytes(setting.max ?? 0)}`;
    case 'choice':
      return `one of ${setting.choices?.join(', ')}`;
    case 'switch':
      return 'true or false';
    case 'list':
      return 'a list separated by commas';
    case 'text':
      return 'text';
  }
}

/** A size in the largest unit that divides it, as the settings take it: `16KiB`. */
export function formatBytes(bytes: number): string {
  for (const [name, factor] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${name}`;
  }
  return String(bytes);
}

function describe(found: unknown): string {
  const text = JSON.stringify(found) ?? String(found);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

// The kinds in the table decide what each value is, so the casts below only repeat it.
function assemble(values: ReadonlyMap<string, Value>): Config {
  const get = <T extends Value>(key: string): T => values.get(key) as T;
  return Object.freeze({
    port: get<number>('port'),
    host: get<string | null>('host'),
    dataset: get<string | null>('dataset'),
    cacheDir: get<string | null>('cacheDir'),
    rulesDir: get<string>('rulesDir'),
    data: get<string | null>('data'),
    shared: get<'auto' | 'on' | 'off'>('shared'),
    sharedDir: get<string | null>('sharedDir'),
    dataWaitMs: get<number>('dataWaitMs'),
    keepRemovedDays: get<number>('keepRemovedDays'),
    cors: Object.freeze([...get<readonly string[]>('cors')]),
    logLevel: get<string>('logLevel'),
    logQueries: get<boolean>('logQueries'),
    drainDelayMs: get<number>('drainDelayMs'),
    drainTimeoutMs: get<number>('drainTimeoutMs'),
    maxQueryBytes: get<number>('maxQueryBytes'),
    maxBatch: get<number>('maxBatch'),
    maxBodyBytes: get<number>('maxBodyBytes'),
    maxTokens: get<number>('maxTokens'),
    maxAnswerBytes: get<number>('maxAnswerBytes'),
    deadlineMs: get<number>('deadlineMs'),
    maxConcurrent: get<number>('maxConcurrent'),
    maxBodiesBytes: get<number>('maxBodiesBytes'),
    maxUnsentBytes: get<number>('maxUnsentBytes'),
    maxUnsentTotalBytes: get<number>('maxUnsentTotalBytes'),
    sendTimeoutMs: get<number>('sendTimeoutMs'),
    maxConnections: get<number>('maxConnections'),
    rateLimit: get<number>('rateLimit'),
    rateLimitHeader: get<string | null>('rateLimitHeader'),
    headersTimeoutMs: get<number>('headersTimeoutMs'),
    requestTimeoutMs: get<number>('requestTimeoutMs'),
    keepAliveTimeoutMs: get<number>('keepAliveTimeoutMs'),
    workers: get<number>('workers'),
    cacheBytes: get<number>('cacheBytes'),
    io: get<'sync' | 'async'>('io'),
    tlsCert: get<string | null>('tlsCert'),
    tlsKey: get<string | null>('tlsKey'),
    adminPort: get<number | null>('adminPort'),
    adminHost: get<string>('adminHost'),
    adminTlsCert: get<string | null>('adminTlsCert'),
    adminTlsKey: get<string | null>('adminTlsKey'),
    adminUserHeader: get<string | null>('adminUserHeader'),
    adminTrustedProxies: Object.freeze([...get<readonly string[]>('adminTrustedProxies')]),
    adminUserScopes: Object.freeze([...get<readonly string[]>('adminUserScopes')]),
    defaults: Object.freeze({
      ...DEFAULT_OPTIONS,
      errorRate: get<number>('errorRate'),
      costOfBreaking: get<number>('costOfBreaking'),
      alternatives: get<number>('alternatives'),
      maxEdits: get<number>('maxEdits'),
      language: get<string | null>('language'),
      syntax: get<'plain' | 'lucene'>('syntax'),
      rude: get<RudeSetting>('rude'),
    }),
  });
}
