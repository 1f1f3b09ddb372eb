import { InvalidLine } from '../errors.ts';

/** For messages and help: what {@link parseTime} takes. */
export const TIME_FORMS =
  'ISO 8601 (2024-03-31T12:00:00+02:00, 2024-03-31 12:00:00, 20240331120000; without a zone UTC), or seconds, milliseconds, microseconds or nanoseconds since 1970';

/** Date, then time of day and zone where there are any; "T" or a space between, a fraction of the second by dot or comma. */
const EXTENDED =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;
/** The same without marks between, to the day, the second or the millisecond. */
const COMPACT =
  /^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(?:[.,]?(\d{3}))?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const NUMBER = /^(\d{1,19})(?:\.\d+)?$/;

/**
 * Milliseconds in a unit, by the most digits that a number of it has: 11 digits of seconds reach to the year 5138, of the
 * others the last before the next unit begins to the year 2286.
 */
const UNITS: readonly (readonly [digits: number, ms: number])[] = [
  [11, 1000],
  [13, 1],
  [16, 1e-3],
  [19, 1e-6],
];

/**
 * A time as logs write it, in milliseconds since 1970: see {@link TIME_FORMS}. The result does not depend on the machine.
 *
 * @throws {InvalidLine} for any other form, and for days and hours that there are not
 */
export function parseTime(text: string): number {
  const trimmed = text.trim();
  const parts = EXTENDED.exec(trimmed) ?? COMPACT.exec(trimmed);
  const time = parts === null ? sinceEpoch(trimmed) : calendarTime(parts);
  if (!Number.isNaN(time)) return time;
  throw new InvalidLine(`expected a time as ${TIME_FORMS}, found ${JSON.stringify(trimmed.slice(0, 40))}`);
}

function sinceEpoch(text: string): number {
  const digits = NUMBER.exec(text)?.[1]?.length;
  // 14 digits are a date and a time, or nothing: milliseconds would be of the year 2286 and later.
  if (digits === undefined || digits === 14) return Number.NaN;
  const unit = UNITS.find(([most]) => digits <= most);
  return unit === undefined ? Number.NaN : Number(text) * unit[1];
}

function calendarTime([, ...parts]: readonly (string | undefined)[]): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const [fraction = '', zone = ''] = parts.slice(6);
  const dayMs = Date.UTC(year, month - 1, day);
  const date = new Date(dayMs);
  // Days that a month has not would be counted into the next.
  if (year < 1900 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  // A leap second is the 60th.
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1000;
  return dayMs + ofDay + (fraction === '' ? 0 : 1000 * Number(`0.${fraction}`)) - zoneMs(zone);
}

/** NaN for a zone that there is not. */
function zoneMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
