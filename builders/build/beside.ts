import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The path of a module of `builders/build/` that a thread or a process of its own can run: compiled, or as it is where this
 * process runs TypeScript. Undefined where there is none, as in a test that compiles modules on the way.
 */
export function moduleBeside(name: string): string | undefined {
  const isCompiled = import.meta.url.endsWith('.js');
  if (!isCompiled && !Reflect.get(process.features, 'typescript')) return undefined;
  // Right for this module where it is and in `dist/services/chunks/`, where the program's modules are put together.
  const path = fileURLToPath(new URL(`../../builders/build/${name}.${isCompiled ? 'js' : 'ts'}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
