/**
 * Regular expressions in time linear to the query: RE2's syntax, by a package without native parts. It is loaded when the first one is
 * met, since it takes some milliseconds of a start.
 */
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/** Longest pattern, in code units. */
export const MAX_PATTERN = 1000;

let engine: typeof RE2JS | undefined;

function re2(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return engine;
}

/** A pattern over whole terms. Group 1 of it is the pattern, those after it are the pattern's own. */
export function compileRegex(pattern: string): RE2JS {
  return re2().compile(`(?:^| )(${pattern})(?:$| )`);
}

/** What is wrong with a pattern, or undefined. */
export function regexProblem(pattern: string): string | undefined {
  if (pattern === '') return 'an empty pattern';
  if (pattern.length > MAX_PATTERN) return `a pattern of ${pattern.length} code units; at most ${MAX_PATTERN}`;
  try {
    // By itself first: one with a stray ")" would otherwise end our group.
    re2().compile(pattern);
    if (compileRegex(pattern).matcher(' ').matches() && re2().compile(pattern).matcher('').matches()) {
      return `"${pattern}" matches the empty text`;
    }
    return undefined;
  } catch (error) {
    return `"${pattern}": ${error instanceof Error ? error.message : String(error)}`;
  }
}
