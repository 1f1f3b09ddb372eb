import { type CommandDeps, type CommandModule, UsageError } from '../../services/command.ts';
import { dispatch, type Program } from '../../services/dispatch.ts';
import { captureIo } from '../support/command-io.ts';

const deps: CommandDeps = {
  ensureBundled: async () => '/data',
  stageDataset: () => Promise.reject(new Error('nothing is staged here')),
};

function program(run: CommandModule['run']): Program {
  return {
    commands: [{ name: 'build', summary: 'builds', load: async () => ({ run }) }],
    deps,
    version: () => '1.2.3',
  };
}

describe('dispatch', () => {
  it('hands the arguments after the name and the deps to the command and answers its exit code', async () => {
    const seen: unknown[] = [];
    const code = await dispatch(
      ['build', '--out', 'x'],
      captureIo(),
      program(async (args, _io, lent) => {
        seen.push(args, lent);
        return 1;
      }),
    );
    expect(code).toBe(1);
    expect(seen).toEqual([['--out', 'x'], deps]);
  });

  it('shows the commands and exits 0 for --help, 2 on stderr without arguments', async () => {
    const asked = captureIo();
    const bare = captureIo();
    const table = program(async () => 0);
    expect(await dispatch(['--help'], asked, table)).toBe(0);
    expect(asked.out()).toContain('build  builds');
    expect(await dispatch([], bare, table)).toBe(2);
    expect(bare.out()).toBe('');
    expect(bare.err()).toContain('build  builds');
  });

  it('reads `help build` as `build --help`', async () => {
    const seen: string[][] = [];
    await dispatch(
      ['help', 'build'],
      captureIo(),
      program(async (args) => {
        seen.push(args);
        return 0;
      }),
    );
    expect(seen).toEqual([['--help']]);
  });

  it('names the nearest command for one that is not there, and exits 2', async () => {
    const io = captureIo();
    expect(
      await dispatch(
        ['biuld'],
        io,
        program(async () => 0),
      ),
    ).toBe(2);
    expect(io.err()).toContain('did you mean "build"');
  });

  it.each([
    ['a misuse', new UsageError('--out is missing'), 2],
    [
      'an unknown flag',
      Object.assign(new TypeError("Unknown option '--x'"), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' }),
      2,
    ],
    ['a bad setting', Object.assign(new Error('port'), { code: 'CONFIG_RANGE' }), 2],
    ['a failure', new Error('disk is full\nmore'), 1],
  ])('turns %s into one line on stderr', async (_name, error, code) => {
    const io = captureIo();
    expect(
      await dispatch(
        ['build'],
        io,
        program(() => Promise.reject(error)),
      ),
    ).toBe(code);
    expect(io.err().trimEnd().split('\n')).toHaveLength(1);
    expect(io.err()).toMatch(/^emend build: /);
    expect(io.out()).toBe('');
  });
});
