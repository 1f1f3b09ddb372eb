/** `$1`, `{brand}` in the texts of actions, and what they stand for. */

/** A group's number, or a placeholder's name. */
export type Reference = number | string;

/** A group; a placeholder. */
const REFERENCE = /\$(\d{1,2})|\{([^\s{}]+)\}/g;

/** The references of a text, in order. */
export function referencesIn(text: string): Reference[] {
  const found: Reference[] = [];
  for (const [, group, name] of text.matchAll(REFERENCE)) {
    if (group !== undefined) found.push(Number(group));
    else if (name !== undefined) found.push(name);
  }
  return found;
}

/** `text` with what its references stand for; one that stands for nothing is left as it is written. */
export function filled(text: string, of: (reference: Reference) => string | undefined): string {
  if (!/[${]/.test(text)) return text;
  return text.replace(
    REFERENCE,
    (whole, group: string | undefined, name: string | undefined) =>
      of(group === undefined ? name! : Number(group)) ?? whole,
  );
}
