/** `$1`, `{brand}` in the texts of actions, and what they stand for. */

/** A group's number, or a placeholder's name. */
export type Reference = number | string;

/** A backslash and the sign after it; a group; a placeholder. */
const REFERENCE = /\\([\s\S])|\$(\d{1,2})|\{([^\s{}]+)\}/g;

/** What a backslash takes the meaning from. */
const MEANINGFUL = ['$', '{', '}', '\\'];

/** The references of a text, in order. */
export function referencesIn(text: string): Reference[] {
  const found: Reference[] = [];
  for (const [, , group, name] of text.matchAll(REFERENCE)) {
    if (group !== undefined) found.push(Number(group));
    else if (name !== undefined) found.push(name);
  }
  return found;
}

/** `text` with what its references stand for; one that stands for nothing is left as it is written. */
export function filled(text: string, of: (reference: Reference) => string | undefined): string {
  if (!/[\\${]/.test(text)) return text;
  return text.replace(
    REFERENCE,
    (whole, sign: string | undefined, group: string | undefined, name: string | undefined) => {
      // A backslash is only taken away from what would mean something without it.
      if (sign !== undefined) return MEANINGFUL.includes(sign) ? sign : whole;
      return of(group === undefined ? name! : Number(group)) ?? whole;
    },
  );
}
