/** Actions of a rule in JSON. */
import type { JsonValue } from '../../../stores/lmdb/values.ts';
import { childPointer, compact, type JsonCheck, type JsonObject } from './json-check.ts';
import type {
  Action,
  BoostAction,
  DecorateAction,
  DeleteAction,
  FilterAction,
  HideAction,
  ParametersAction,
  PinAction,
  RedirectAction,
  ReplaceAction,
  SynonymAction,
} from './rule.ts';

type Reader = (check: JsonCheck, action: JsonObject, pointer: string) => Action | undefined;

const MEMBERS: Readonly<Record<Action['do'], readonly string[]>> = {
  replace: ['to', 'from', 'whole', 'announce'],
  delete: ['terms', 'announce'],
  synonym: ['to', 'from', 'weight', 'keepOriginal'],
  boost: ['query', 'raw', 'factor', 'demote'],
  filter: ['query', 'raw'],
  decorate: ['value', 'key'],
  redirect: ['to'],
  pin: ['documents'],
  hide: ['documents'],
  parameters: ['parameters'],
};

/** What actions there are. */
export const ACTION_NAMES = Object.keys(MEMBERS) as Action['do'][];

const READERS: Readonly<Record<Action['do'], Reader>> = {
  replace: (check, action, at) => {
    const to = required(check, action, 'to', at, 1);
    if (to === undefined) return undefined;
    const from = optional(check, action, 'from', at);
    const [whole, announce] = ['whole', 'announce'].map((name) => flag(check, action, name, at, false));
    return compact<ReplaceAction>({ do: 'replace', to, from, whole, announce });
  },
  delete: (check, action, at) => {
    const terms = optional(check, action, 'terms', at);
    return compact<DeleteAction>({ do: 'delete', terms, announce: flag(check, action, 'announce', at, false) });
  },
  synonym: (check, action, at) => {
    const to = required(check, action, 'to', at, 1);
    if (to === undefined) return undefined;
    return compact<SynonymAction>({
      do: 'synonym',
      to,
      from: optional(check, action, 'from', at),
      weight: number(check, action, 'weight', at, 1),
      keepOriginal: flag(check, action, 'keepOriginal', at, true),
    });
  },
  boost: (check, action, at) => {
    const query = required(check, action, 'query', at, 1);
    if (query === undefined) return undefined;
    return compact<BoostAction>({
      do: 'boost',
      query,
      raw: flag(check, action, 'raw', at, false),
      factor: number(check, action, 'factor', at, 1),
      demote: flag(check, action, 'demote', at, false),
    });
  },
  filter: (check, action, at) => {
    const query = required(check, action, 'query', at, 1);
    return query === undefined
      ? undefined
      : compact<FilterAction>({ do: 'filter', query, raw: flag(check, action, 'raw', at, false) });
  },
  decorate: (check, action, at) => {
    const value = any(check, action, 'value', at);
    return value === undefined
      ? undefined
      : compact<DecorateAction>({ do: 'decorate', value, key: optional(check, action, 'key', at) });
  },
  redirect: (check, action, at) => {
    const to = required(check, action, 'to', at, 1);
    return to === undefined ? undefined : ({ do: 'redirect', to } satisfies RedirectAction);
  },
  pin: (check, action, at) => {
    const documents = any(check, action, 'documents', at);
    return documents === undefined ? undefined : ({ do: 'pin', documents } satisfies PinAction);
  },
  hide: (check, action, at) => {
    const documents = any(check, action, 'documents', at);
    return documents === undefined ? undefined : ({ do: 'hide', documents } satisfies HideAction);
  },
  parameters: (check, action, at) => {
    const parameters = any(check, action, 'parameters', at);
    return parameters === undefined ? undefined : ({ do: 'parameters', parameters } satisfies ParametersAction);
  },
};

/** One action; undefined, with problems noted, where it is none. Members that have their default are left out. */
export function parseAction(check: JsonCheck, value: unknown, pointer: string): Action | undefined {
  const action = check.object(value, pointer);
  if (action === undefined) return undefined;
  const name = check.choice(action['do'], childPointer(pointer, 'do'), ACTION_NAMES);
  if (name === undefined) return undefined;
  check.object(action, pointer, ['do', ...MEMBERS[name]]);
  return READERS[name](check, action, pointer);
}

function required(check: JsonCheck, object: JsonObject, name: string, at: string, least: number): string | undefined {
  return check.text(object[name], childPointer(at, name), least);
}

function optional(check: JsonCheck, object: JsonObject, name: string, at: string): string | undefined {
  return check.member(object, name, at, (value, pointer) => check.text(value, pointer, 1));
}

function flag(check: JsonCheck, object: JsonObject, name: string, at: string, usual: boolean): boolean | undefined {
  const value = check.member(object, name, at, (one, pointer) => check.flag(one, pointer));
  return value === usual ? undefined : value;
}

function number(check: JsonCheck, object: JsonObject, name: string, at: string, usual: number): number | undefined {
  const value = check.member(object, name, at, (one, pointer) => check.number(one, pointer, { least: 0 }));
  return value === usual ? undefined : value;
}

function any(check: JsonCheck, object: JsonObject, name: string, at: string): JsonValue | undefined {
  const value = object[name] as JsonValue | undefined;
  return value === undefined ? check.wrong(childPointer(at, name), 'expected a value, found nothing') : value;
}
