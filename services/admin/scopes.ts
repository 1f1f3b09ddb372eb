/** What may be done on the admin port, and which keys may do it: the key model. */

/** What a key may be given. */
export const SCOPES = ['read', 'rules:write', 'datasets:write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Every action, with the scope that allows it; null: anyone who reaches the port. `admin` allows all, and every scope allows `read`. */
export const ACTIONS = Object.freeze({
  'problems:read': null,
  'description:read': null,
  'rules:read': 'read',
  'rules:write': 'rules:write',
  'rules:undo': 'rules:write',
  'drafts:read': 'read',
  'drafts:write': 'rules:write',
  'drafts:check': 'read',
  'drafts:publish': 'rules:write',
  'history:read': 'read',
  'audit:read': 'admin',
  'keys:read': 'admin',
  'keys:revoke': 'admin',
} as const satisfies Record<string, Scope | null>);

export type Action = keyof typeof ACTIONS;

export function isScope(name: string): name is Scope {
  return (SCOPES as readonly string[]).includes(name);
}

/** Whether these scopes allow an action. */
export function allows(scopes: readonly Scope[], action: Action): boolean {
  const needed = ACTIONS[action];
  if (needed === null || scopes.includes('admin')) return true;
  return needed === 'read' ? scopes.length > 0 : (scopes as readonly string[]).includes(needed);
}
