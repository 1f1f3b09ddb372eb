import { compiled } from '../../data/package-root.ts';
import type { Peer, Variant } from './peer.ts';

/** Emend at one of its levels. */
export function emend(level: 'suggest' | 'auto'): Peer {
  const chosen: Variant = {
    settings: 'bundled dataset, defaults',
    prepare: ({ dataset }) => [process.execPath, compiled('load/peers/emend-process.js'), dataset, level],
  };
  return { name: `Emend, ${level}`, isServer: true, missing: () => undefined, chosen, variants: [chosen] };
}
