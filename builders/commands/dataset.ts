/** `emend dataset`: inspects or verifies a dataset version. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readManifest } from '../../stores/dataset/open.ts';
import { verifyDataset } from '../../stores/dataset/verify.ts';
import { manifestTables } from '../build/summary.ts';
import { type CommandIo, UsageError } from '../command.ts';

const HELP = `Inspects or verifies a dataset version.

  emend dataset inspect dataset

Usage: emend dataset inspect DIR [--json]
       emend dataset verify DIR [--json]

inspect  prints what it was built from, the program that built it, and its files
verify   reads every byte: checks files against their digests and stores against their checksums
`;

const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/**
 * Runs `emend dataset ...` on the arguments after `dataset`.
 *
 * @returns the exit code: 0 done, 1 failed, 2 misused
 * @throws {UsageError} for arguments it does not know
 * @throws {StoreError} when the dataset is missing, damaged or of another version
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: true });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [name, dir, more] = positionals;
  if (name !== 'inspect' && name !== 'verify') {
    throw new UsageError(`expected inspect or verify, found ${name === undefined ? 'nothing' : `"${name}"`}`);
  }
  if (dir === undefined || more !== undefined) throw new UsageError('expected one folder');
  const path = resolve(io.cwd, dir);
  if (name === 'inspect') {
    const manifest = readManifest(path);
    if (values.json) {
      io.stdout.write(`${JSON.stringify(manifest)}\n`);
      return 0;
    }
    const { id, builder, node, unicode, textVersion, parameters } = manifest;
    io.stdout.write(`${id}\nemend ${builder}, Node ${node}, Unicode ${unicode}, text version ${textVersion}\n`);
    io.stdout.write(`${JSON.stringify(parameters)}\n\n${manifestTables(manifest)}`);
    return 0;
  }
  const manifest = verifyDataset(path, (file) => {
    if (io.stderr.isTTY) io.stderr.write(`checking ${file.file}\n`);
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const answer = { id: manifest.id, files: manifest.files.length, bytes };
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ ...answer, ok: true })}\n`
      : `${manifest.id}: ${answer.files} files, ${bytes} bytes, all as built\n`,
  );
  return 0;
}
