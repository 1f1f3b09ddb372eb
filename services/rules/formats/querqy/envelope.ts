/** The JSON in which a rewriter of Querqy is sent by REST: `{"class": ..., "config": {"rules": "..."}}`. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { RuleSource } from '../../model/rule.ts';
import { linesOf } from '../shared/text.ts';

/** The lines of rules, and the configuration beside them. */
export interface QuerqyText {
  readonly lines: readonly string[];
  /** Empty for a file of rules. */
  readonly config: JsonObject;
  readonly place: RuleSource;
}

/** The rules of a text that is such JSON, or is rules. */
export function querqyText(text: string): QuerqyText {
  if (/^\s*\{\s*"/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      const config = isObject(value) && isObject(value['config']) ? value['config'] : value;
      if (isObject(config) && typeof config['rules'] === 'string') {
        const pointer = config === value ? '/rules' : '/config/rules';
        return { lines: linesOf(config['rules']), config, place: { pointer } };
      }
    } catch {
      // Rules may begin with a brace too.
    }
  }
  return { lines: linesOf(text), config: {}, place: {} };
}
