/**
 * What npm runs after an install in a clone: the build. Without the packages for development, as after `npm ci --omit=dev`,
 * there is nothing to build with; Node.js 24 runs the sources as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;

if (existsSync(join(root, 'node_modules', 'typescript'))) {
  process.exitCode = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' }).status ?? 1;
} else {
  process.stderr.write(
    'emend: not compiled, typescript is not installed; with Node.js 24: node services/emend.ts --help\n',
  );
}
