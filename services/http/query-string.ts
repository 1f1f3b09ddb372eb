import { HttpProblem } from './problems.ts';

/** More than there are options. */
const MOST_PARAMETERS = 32;

/**
 * The parameters of a URL, decoded strictly: form encoding (`+` is a space), UTF-8, no name twice.
 *
 * `node:querystring` and `URLSearchParams` turn bytes that are not UTF-8 into U+FFFD; a query must not be changed before
 * it is read, so here they are a problem.
 *
 * @param url the target as it came, path and all
 * @throws {HttpProblem} `malformed-url` or `repeated-parameter`
 */
export function parseQueryString(url: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const start = url.indexOf('?');
  if (start === -1) return parameters;
  const end = url.indexOf('#', start);
  for (const pair of url.slice(start + 1, end === -1 ? undefined : end).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (parameters.has(name)) {
      throw new HttpProblem('repeated-parameter', `"${shorten(name)}" was given more than once; send it once`, {
        parameter: shorten(name),
      });
    }
    parameters.set(name, value);
    if (parameters.size > MOST_PARAMETERS) {
      throw new HttpProblem(
        'unknown-option',
        `the URL has more than ${MOST_PARAMETERS} parameters; there are fewer options`,
      );
    }
  }
  return parameters;
}

/** A caller's text as it may stand in a message: the head of it, without half characters. */
export function shorten(text: string): string {
  return (text.length > 60 ? `${text.slice(0, 60)}...` : text).toWellFormed();
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Also for half a surrogate pair in UTF-8 clothing (%ED%A0%80).
    throw new HttpProblem('malformed-url', `"${shorten(text)}" is not percent-encoded UTF-8`);
  }
}
