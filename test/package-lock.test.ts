import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../data/package-root.ts';

interface Locked {
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('npm sbom', () => {
  it('prints a bill of materials of what runs', () => {
    const { stdout, status } = spawnSync('npm', ['sbom', '--omit', 'dev'], { cwd: packageRoot(), encoding: 'utf8' });
    expect(status).toBe(0);
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] };
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map(({ name }) => name);
    const { dependencies } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(dependencies).filter((name) => !names.includes(name))).toEqual([]);
    expect(names).not.toContain('lodash');
  });
});

describe('package-lock.json', () => {
  const text = readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };

  it('holds the packages of other platforms too, without which npm ci refuses to install', () => {
    const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${where}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('brings no package that only tests use to whoever runs the program', () => {
    const running = Object.entries(packages).flatMap(([where, { dev = false }]) => (dev ? [] : [where]));
    expect(running.filter((where) => /\/(?:bloom-filters|lodash)$/.test(where))).toEqual([]);
    expect(running).toContain('node_modules/xxhash-wasm');
  });

  it('names no registry, so that each machine uses its own', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});
