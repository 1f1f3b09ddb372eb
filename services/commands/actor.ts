/** Who runs a command, for the audit log. */
import { userInfo } from 'node:os';
import type { Request } from '../admin/ledger.ts';
import { UsageError } from '../command.ts';

/** Longest reason, in UTF-16 code units. */
const MOST_REASON = 1000;

/** A change wanted at the command line, now. @param reason what `--reason` says */
export function commandRequest(reason: string | undefined): Request {
  if (reason !== undefined && reason.length > MOST_REASON) {
    throw new UsageError(`--reason takes at most ${MOST_REASON} characters`);
  }
  return { who: { kind: 'command', name: userName() }, reason: reason ?? null, nowMs: Date.now() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
