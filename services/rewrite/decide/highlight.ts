import type { Edit } from '../answer.ts';

/** The rewritten query as HTML, what was changed in `<em>`. */
export function highlight(rewritten: string, edits: readonly Edit[]): string {
  let html = '';
  let at = 0;
  for (const edit of edits) {
    const end = edit.rewrittenOffset + edit.rewrittenLength;
    html += escapeHtml(rewritten.slice(at, edit.rewrittenOffset));
    if (end > edit.rewrittenOffset) html += `<em>${escapeHtml(rewritten.slice(edit.rewrittenOffset, end))}</em>`;
    at = end;
  }
  return html + escapeHtml(rewritten.slice(at));
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, also within an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]!);
}
