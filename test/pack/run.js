/**
 * `npm run test:pack`: packs the package, looks at what the tarball holds, installs it into an empty project with the
 * dependencies at the lock's versions, and uses it as somebody would: the program by npx, the library from an ES module, from
 * CommonJS and, for its types, from TypeScript. Needs the registry for the dependencies; under a minute.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'emend-pack-'));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const requiresModules = major > 22 || (major === 22 && minor >= 12);

/** Files that belong in the tarball; anything else is there by mistake. */
const ALLOWED = [
  /^(package\.json|LICENSE|[A-Z]+\.md)$/,
  /^dist\/(services|stores|builders|data)\/.*\.(c?js|d\.c?ts)$/,
  /^data\/(?!build\/).*\.(gz|tsv|txt|json|md|bin)$/,
  /^docs\/.*\.(md|svg|png)$/,
  /^(services|stores|builders)\/.*\.md$/,
  /^services\/(http|admin)\/openapi\.yaml$/,
  /^services\/(http\/playground|audit\/page)\/[\w.-]+$/,
];
/** Files without which it does not work. */
const NEEDED = [
  'dist/services/emend.js',
  'dist/services/index.js',
  'dist/services/index.d.ts',
  'dist/stores/index.js',
  'dist/stores/index.d.ts',
  'dist/builders/index.js',
  'dist/builders/index.d.ts',
  'services/http/openapi.yaml',
  'services/admin/openapi.yaml',
  'dist/services/admin/admin-main.js',
  'dist/services/proxy/rewriter-main.js',
  'services/http/playground/index.html',
  'LICENSE',
];
const MOST_MEGABYTES = 30;

function run(command, args, cwd = folder) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 80_000 });
}

function check(what, isRight, found = '') {
  if (!isRight) throw new Error(`${what}: ${found}`);
  process.stdout.write(`  ${what}\n`);
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
  return name;
}

/** Every package of the lock that the program needs, at its version: what an install resolves is what was tested. */
function lockedVersions() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const versions = new Map();
  for (const [path, { version, dev }] of Object.entries(packages)) {
    if (path === '' || dev === true) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  // One of several versions cannot be named for all that want it.
  return Object.fromEntries(
    [...versions].filter(([, all]) => all.length === 1).map(([name, [version]]) => [name, version]),
  );
}

try {
  const printed = run('npm', ['pack', '--json', '--pack-destination', folder], root);
  // What the scripts of the package print stands before the list.
  const [packed] = JSON.parse(printed.slice(printed.lastIndexOf('\n[\n') + 1));
  const paths = packed.files.map(({ path }) => path);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(
    `${packed.filename}: ${megabytes(packed.size)}, ${megabytes(packed.unpackedSize)} unpacked, ${paths.length} files\n`,
  );
  const stray = paths.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)));
  check('holds nothing but the program, its data and its documents', stray.length === 0, stray.join(', '));
  const missing = NEEDED.filter((path) => !paths.includes(path));
  check('holds what it needs', missing.length === 0, missing.join(', '));
  check(`is no larger than ${MOST_MEGABYTES} MB`, packed.size <= MOST_MEGABYTES * 1e6, megabytes(packed.size));

  write('package.json', JSON.stringify({ name: 'empty', private: true, overrides: lockedVersions() }));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed.filename}`]);
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const isInstalled = (name) => existsSync(join(folder, 'node_modules', name));
  const dev = Object.keys(devDependencies).filter(isInstalled);
  check('installs no package for development', dev.length === 0, dev.join(', '));
  check('installs what it depends on', Object.keys(dependencies).every(isInstalled));

  const help = run('npx', ['--no-install', 'emend', '--help']);
  check('npx emend --help', help.includes('emend serve'), help);
  write('products.txt', 'wireless headphones\nwireless headphones\nbluetooth speaker\nbluetooth speaker\n');
  run('npx', ['--no-install', 'emend', 'build', '--out', 'dataset', '--docs', 'products.txt']);
  const line = run('npx', ['--no-install', 'emend', 'rewrite', '--dataset', 'dataset', 'wireles', 'headphones']);
  check('npx emend build, npx emend rewrite', JSON.parse(line).rewritten === 'wireless headphones', line);

  const use = `
    const rewriter = createRewriter('dataset');
    const store = openStore('dataset/terms.fst');
    console.log(rewriter.rewrite('bluetoth').rewritten, store.find(Buffer.from('speaker'), 0, 7) >= 0);
    store.close();
    rewriter.close();`;
  const answer = 'bluetooth true\n';
  const asModule = write(
    'module.mjs',
    `import { createRewriter } from 'emend';\nimport { openStore } from 'emend/stores';\nimport 'emend/builders';\n${use}`,
  );
  check('import', run(process.execPath, [asModule]) === answer);
  const later = write(
    'later.cjs',
    `(async () => { const { createRewriter } = await import('emend'); const { openStore } = await import('emend/stores'); ${use} })();`,
  );
  check('await import from CommonJS', run(process.execPath, [later]) === answer);
  const required = write(
    'required.cjs',
    `const { createRewriter } = require('emend');\nconst { openStore } = require('emend/stores');\n${use}`,
  );
  if (requiresModules) check('require', run(process.execPath, [required]) === answer);
  else process.stdout.write(`  require: not on Node.js ${process.versions.node}\n`);

  write(
    'typed.mts',
    `import { createServer } from 'node:http';
import { createApp, createRewriter, DEFAULT_OPTIONS, openDataset, StoreError } from 'emend';
import type { Dataset, DatasetRewriter, Edit, RewriteAnswer, RewriteOptions, StoreErrorCode } from 'emend';
import { BlocksWriter, ExternalSorter, FstWriter, type StoreWriter } from 'emend/builders';
import { BytesRef, type FstStore, MISS, openFst, openStore, type Store } from 'emend/stores';
const dataset: Dataset = openDataset('dataset');
const rewriter: DatasetRewriter = createRewriter(dataset, { rules: 'rules' });
const options: Partial<RewriteOptions> = { alternatives: DEFAULT_OPTIONS.alternatives };
const answer: RewriteAnswer = rewriter.rewrite('speaker', options);
export const edits: readonly Edit[] = answer.edits;
export const server = createServer(createApp(rewriter, { maxBatch: 10 }));
const fst: FstStore = openFst('dataset/terms.fst');
const store: Store = openStore('dataset/deletes1.blocks');
store.findBytes(new Uint8Array(5), 0, 5, new BytesRef());
export const found: boolean = fst.find(new Uint8Array(1), 0, 1) !== MISS;
export const writers: StoreWriter[] = [new FstWriter('a'), new BlocksWriter('b', { valueKind: 'uint' })];
export const sorter = new ExternalSorter({ scratchFolder: '.' });
export const code = (error: unknown): StoreErrorCode | undefined => (error instanceof StoreError ? error.code : undefined);
// @ts-expect-error options are checked
rewriter.rewrite('speaker', { maxEdits: '2' });
`,
  );
  write(
    'typed.cts',
    "import emend = require('emend');\nexport const rewriter: emend.DatasetRewriter = emend.createRewriter('dataset');\n",
  );
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['typed.mts', 'typed.cts'] }));
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder]);
  check('TypeScript with moduleResolution nodenext, declarations checked too', true);
  process.stdout.write('packed, installed and used\n');
} catch (error) {
  process.stderr.write(`test:pack: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
