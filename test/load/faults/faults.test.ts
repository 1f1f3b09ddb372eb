import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';

// The short form of `npm run faults`: real faults, made by the system's own means, against the compiled program.
describe('faults of files, descriptors, disk, permissions and signals', () => {
  let program: Compiled;
  beforeAll(async () => {
    program = await compiledProgram();
  }, 120_000);
  afterAll(() => program.remove());

  it('are told, survived or drained, each as the matrix says', () => {
    const faults = join(dirname(program.emend), '..', 'load', 'faults.js');
    const { stdout, stderr, status } = spawnSync(process.execPath, [faults, '--quick'], { encoding: 'utf8' });
    const wrong = stdout.split('\n').filter((line) => line.endsWith('| NO  |'));
    expect({ wrong, status, stderr: status === 0 ? '' : stderr.slice(-500) }).toEqual({
      wrong: [],
      status: 0,
      stderr: '',
    });
    expect(stdout).toMatch(/^\d\d faults, 0 not as expected/m);
  }, 240_000);
});
