/** What a request says, checked once. */
import { Bodies } from '../../http/bodies.ts';
import { readJson } from '../../http/body.ts';
import { exchangeOf } from '../../http/exchange.ts';
import { HttpProblem } from '../../http/problems.ts';
import { parseQueryString, shorten } from '../../http/query-string.ts';
import { outOfRange, wrongType } from '../../http/wrong-option.ts';
import type { Call } from './route.ts';

const MIB = 2 ** 20;
/** Largest body: 20,000 rules take some 4 MiB. */
export const MAX_BODY_BYTES = 32 * MIB;
const MOST_REASON = 1000;

const bodies = new Bodies(2 * MAX_BODY_BYTES);

/** Members of a body. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * The members of a JSON body, which must be an object of those that the route knows.
 *
 * @param known undefined: whoever calls sees to them
 * @throws {HttpProblem} as `readJson`; `wrong-type`, `unknown-option`
 */
export async function bodyOf({ request, response }: Call, known?: readonly string[]): Promise<Members> {
  const exchange = exchangeOf(response);
  const limits = { maxBytes: MAX_BODY_BYTES, maxBatch: MAX_BODY_BYTES, bodies };
  try {
    const value = await readJson(request, limits, exchange);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new HttpProblem('wrong-type', 'expected a body that is a JSON object');
    }
    const unknown = Object.keys(value).find((name) => known !== undefined && !known.includes(name));
    if (unknown !== undefined) throw unknownMember(unknown, known ?? []);
    return value as Members;
  } finally {
    bodies.release(exchange.bodyBytes);
    exchange.bodyBytes = 0;
  }
}

/** Parameters of the URL, of those that the route knows. @throws {HttpProblem} as `parseQueryString`; `unknown-option` */
export function parametersOf({ request }: Call, known: readonly string[]): ReadonlyMap<string, string> {
  const parameters = parseQueryString(request.url);
  for (const name of parameters.keys()) if (!known.includes(name)) throw unknownMember(name, known);
  return parameters;
}

/** Why, as the request says. @throws {HttpProblem} `wrong-type`, `out-of-range` */
export function reasonOf(reason: unknown): string | null {
  if (reason === undefined || reason === null) return null;
  if (typeof reason !== 'string') throw wrongType('reason', 'a text', reason);
  if (reason.length > MOST_REASON || !reason.isWellFormed()) {
    throw outOfRange('reason', `a text of at most ${MOST_REASON} characters`, reason);
  }
  return reason;
}

/** A whole number of a parameter. @throws {HttpProblem} `out-of-range` */
export function numberOf(name: string, text: string | undefined, initial: number, most: number): number {
  if (text === undefined) return initial;
  if (/^\d{1,15}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw outOfRange(name, `a whole number from 1 to ${most}`, text);
}

/** A version that a body names. @throws {HttpProblem} `wrong-type` */
export function versionIn(body: Members): number | undefined {
  const { version } = body;
  if (version === undefined || (typeof version === 'number' && Number.isSafeInteger(version))) return version;
  throw wrongType('version', 'a whole number', version);
}

function unknownMember(name: string, known: readonly string[]): HttpProblem {
  const there = known.length === 0 ? 'it takes none' : `there are ${known.join(', ')}`;
  return new HttpProblem('unknown-option', `"${shorten(name)}" is not known here; ${there}`, {
    parameter: shorten(name),
  });
}
