import { Breath, type BuildProgress } from '../progress.ts';

const REDRAW_MS = 100;

/** A rate says something from here on. */
const SETTLED_MS = 1000;

/** And the remaining time from this share on. */
const SETTLED_SHARE = 0.02;

/** Which step is under way and how far it is, told at most once an interval. */
abstract class StepProgress implements BuildProgress {
  readonly #breath: Breath;
  readonly #intervalMs: number;
  #label = '';
  #unit: 'bytes' | 'entries' = 'bytes';
  #total = 0;
  #started = 0;
  #told: number;

  /** @param told when it was told last, as `performance.now()` has it */
  constructor(intervalMs: number, told: number, signal: AbortSignal | undefined) {
    this.#breath = new Breath(signal);
    this.#intervalMs = intervalMs;
    this.#told = told;
  }

  protected abstract tell(text: string): void;

  /** Has the next update told at once. */
  protected tellNext(): void {
    this.#told = 0;
  }

  step(label: string, total: number, unit: 'bytes' | 'entries'): void {
    this.#label = label;
    this.#unit = unit;
    this.#total = total;
    this.#started = performance.now();
    this.update(0);
  }

  update(done: number): void {
    const now = performance.now();
    if (now - this.#told < this.#intervalMs) return;
    this.#told = now;
    this.tell(describeProgress(this.#label, done, this.#total, this.#unit, now - this.#started));
  }

  breathe(): Promise<void> | undefined {
    return this.#breath.breathe();
  }
}

/** Progress as one line of a terminal that is drawn over: step, share, rate, remaining time. */
export class ProgressLine extends StepProgress {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream, signal?: AbortSignal) {
    super(REDRAW_MS, 0, signal);
    this.#stream = stream;
  }

  override step(label: string, total: number, unit: 'bytes' | 'entries'): void {
    this.tellNext();
    super.step(label, total, unit);
  }

  protected tell(text: string): void {
    // Back to the start of the line, and clear what the line before was longer by.
    this.#stream.write(`\r${text}\u001b[K`);
  }

  /** Clears the line. */
  clear(): void {
    this.#stream.write('\r\u001b[K');
  }
}

const LOG_MS = 5000;

/** Progress for a log: a line every few seconds, which says that it is still at work and how far. */
export class ProgressLog extends StepProgress {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream, signal?: AbortSignal) {
    super(LOG_MS, performance.now(), signal);
    this.#stream = stream;
  }

  protected tell(text: string): void {
    this.#stream.write(`emend: building: ${text}\n`);
  }

  /** Nothing to clear: lines stay. */
  clear(): void {}
}

/** For example `reading: 43 %, 12.3 MB/s, 0:04 left`; total 0 stands for unknown. */
export function describeProgress(
  label: string,
  done: number,
  total: number,
  unit: 'bytes' | 'entries',
  elapsedMs: number,
): string {
  const parts: string[] = [];
  if (total > 1) parts.push(`${Math.floor((100 * done) / total)} %`);
  if (elapsedMs >= SETTLED_MS && done > 0 && unit === 'bytes') {
    const perSecond = (done / elapsedMs) * 1000;
    parts.push(`${formatBytes(perSecond)}/s`);
  }
  if (elapsedMs >= SETTLED_MS && done >= SETTLED_SHARE * total && total > done) {
    parts.push(`${formatSeconds((elapsedMs / 1000) * (total / done - 1))} left`);
  }
  return parts.length === 0 ? `${label} ...` : `${label}: ${parts.join(', ')}`;
}

/** For example `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Minutes and seconds, `0:04`. */
function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
