import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Puts an `npx` into `folder/bin` that runs the compiled program `emend`, and answers the PATH by which it is found first. */
export function npxPath(folder: string, emend: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${emend}" "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  return `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
}
