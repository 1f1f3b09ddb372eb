/** What is said of an option that cannot be used. */
import { HttpProblem } from './problems.ts';
import { shorten } from './query-string.ts';

/** A value of another type than the option takes. */
export function wrongType(name: string, expected: string, found: unknown): HttpProblem {
  return new HttpProblem('wrong-type', `"${name}" takes ${expected}, found ${show(found)}`, { parameter: name });
}

/** A value of the right type that the option does not take. */
export function outOfRange(name: string, expected: string, found: unknown): HttpProblem {
  return new HttpProblem('out-of-range', `"${name}" takes ${expected}, found ${show(found)}`, { parameter: name });
}

/** A value as a message shows it. */
export function show(found: unknown): string {
  if (Array.isArray(found)) return 'an array';
  return typeof found === 'object' && found !== null ? 'an object' : shorten(JSON.stringify(found) ?? 'nothing');
}
