import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Static imports of values: what loading a module loads with it. Types are gone from the compiled program. */
const IMPORTS = /^(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?'([^']+)'/gm;

/** The modules that come with `start`, of this project by path and of others by name. */
function reached(start: string): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(relative(ROOT, path))) return;
    found.add(relative(ROOT, path));
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(IMPORTS)) {
      if (name.startsWith('.')) visit(resolve(dirname(path), name));
      else if (!name.startsWith('node:')) found.add(name);
    }
  };
  visit(resolve(ROOT, start));
  return found;
}

const packages = (modules: Set<string>) => [...modules].filter((name) => !name.endsWith('.ts'));

// Each of these packages takes 10 to 80 ms of a start, which is to take no more than 250 ms beyond Express.
describe('what a start loads', () => {
  it('is no package at all for opening the stores and rewriting', () => {
    expect(packages(reached('services/open-rewriter.ts'))).toEqual([]);
  });

  it('is Express alone for serving', () => {
    expect(packages(reached('services/http/app.ts'))).toEqual(['express']);
    expect(packages(reached('services/http/server.ts'))).toEqual([]);
    expect(packages(reached('services/commands/serve.ts'))).toEqual([]);
  });

  it('is none of the building side', () => {
    for (const start of ['services/emend.ts', 'services/commands/serve.ts', 'services/open-rewriter.ts']) {
      expect([...reached(start)].filter((name) => name.startsWith('builders/'))).toEqual([]);
    }
  });
});
