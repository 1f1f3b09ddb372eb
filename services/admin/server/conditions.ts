/** Preconditions of a change: the state that it is made over, by `If-Match`, `If-None-Match` or a member `version`. */
import { HttpProblem } from '../../http/problems.ts';
import type { Call } from './route.ts';

/** What a request says of the state that it changes. */
export interface Conditions {
  /** Texts of `If-Match`; `*`: whatever there is; undefined: it says nothing. */
  readonly match: readonly string[] | '*' | undefined;
  /** Whether there must be nothing yet. */
  readonly none: boolean;
}

/** @throws {HttpProblem} `malformed-request` for headers that cannot be read */
export function conditionsOf({ request }: Call): Conditions {
  const match = request.headers['if-match'];
  const none = request.headers['if-none-match'];
  if (none !== undefined && none.trim() !== '*') {
    throw new HttpProblem('malformed-request', 'If-None-Match takes * here: there must be nothing yet');
  }
  return { match: match === undefined ? undefined : etagsOf(match), none: none !== undefined };
}

/**
 * Sees to it that a change is made over the state that it means.
 *
 * @param etag of what there is; undefined for nothing
 * @param isNew whether something new may be made without a word
 * @throws {HttpProblem} `precondition-required`, `precondition-failed`
 */
export function mustMatch({ match, none }: Conditions, etag: string | undefined, what: string, isNew: boolean): void {
  if (none && etag !== undefined) throw failed(`${what} is there already`, etag);
  if (match === undefined) {
    if (etag === undefined ? isNew || none : none) return;
    throw new HttpProblem(
      'precondition-required',
      `${what} is there: name the state that you change with If-Match: "ETAG", as GET answers it, or If-Match: *`,
    );
  }
  if (etag === undefined) throw failed(`${what} is not there`, undefined);
  if (match !== '*' && !match.includes(etag)) throw failed(`${what} has been changed; look at it and try again`, etag);
}

/**
 * Sees to it that a change of the whole set is made over the version that it means.
 *
 * @throws {HttpProblem} `precondition-required`, `precondition-failed`
 */
export function mustBeVersion({ match }: Conditions, given: number | undefined, version: number): void {
  if (match === undefined && given === undefined) {
    throw new HttpProblem(
      'precondition-required',
      'name the version of the rules that you change: a member "version", or If-Match: "VERSION"',
    );
  }
  const isSame =
    (given === undefined || given === version) &&
    (match === undefined || match === '*' || match.includes(String(version)));
  if (!isSame) throw failed(`the rules are of version ${version}; look at them and try again`, String(version));
}

/** How an ETag header says it. */
export function quoted(etag: string | number): string {
  return `"${etag}"`;
}

function etagsOf(header: string): readonly string[] | '*' {
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => /^\s*"([\x21\x23-\x7e]*)"\s*$/.exec(tag)?.[1]);
  if (tags.every((tag) => tag !== undefined)) return tags;
  throw new HttpProblem('malformed-request', 'If-Match takes * or "ETAG", in quotes, as GET answers it');
}

function failed(detail: string, etag: string | undefined): HttpProblem {
  return new HttpProblem('precondition-failed', detail, etag === undefined ? {} : { headers: { ETag: quoted(etag) } });
}
