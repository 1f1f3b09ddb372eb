/** Peers that run in a JVM: their jars come by Maven into the workshop, their sources are compiled there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import type { Command, Workshop } from './peer.ts';

/** A program of load/peers/jvm. */
export interface JvmProgram {
  /** Its class, which has a file of its name. */
  readonly main: string;
  /** `group:artifact:version` of what it is made of. */
  readonly artifacts: readonly string[];
  /** The JVM's heap while it answers, MB. */
  readonly heapMb: number;
  readonly jvmArguments?: readonly string[];
}

const SHARED = ['Lines', 'Vocabulary', 'Json', 'Accepts'];

/** While an index is built. */
const BUILD_HEAP_MB = 3000;

/** What is missing to run such programs and how to get it. */
export function missingForJvm(): string | undefined {
  const tools = ['java', 'javac', 'mvn'].filter((tool) => spawnSync(tool, ['-version']).status !== 0);
  return tools.length === 0 ? undefined : `${tools.join(', ')}: apt-get install openjdk-17-jdk-headless maven`;
}

/** The command that answers, once jars are fetched and classes compiled. */
export function jvmCommand(program: JvmProgram, workshop: Workshop, args: readonly string[]): Command {
  const { main, heapMb, jvmArguments = [] } = program;
  const classes = classesOf(program, workshop);
  return ['java', `-Xmx${heapMb}m`, '-XX:+UseSerialGC', ...jvmArguments, '-cp', classes, main, ...args];
}

/** Has the program make a folder, unless it is there. */
export function buildOnce(program: JvmProgram, workshop: Workshop, folder: string, args: readonly string[]): string {
  const path = join(workshop.dir, folder);
  if (existsSync(path)) return path;
  const made = `${path}.part`;
  rmSync(made, { recursive: true, force: true });
  const classes = classesOf(program, workshop);
  const { jvmArguments = [], main } = program;
  run('java', [`-Xmx${BUILD_HEAP_MB}m`, ...jvmArguments, '-cp', classes, main, 'build', ...args, made]);
  renameSync(made, path);
  return path;
}

/** The class path of a program. */
function classesOf({ main, artifacts }: JvmProgram, { dir }: Workshop): string {
  const home = join(dir, 'jvm', main);
  const jars = join(home, 'lib');
  const classes = join(home, 'classes');
  if (!existsSync(jars)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'pom.xml'), pomOf(artifacts));
    const made = `${jars}.part`;
    run('mvn', ['-q', '-B', '-f', join(home, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${made}`]);
    renameSync(made, jars);
  }
  const sources = [...SHARED, main].map((name) => join(packageRoot(), 'load', 'peers', 'jvm', `${name}.java`));
  const compiledMs = modifiedMs(join(classes, `${main}.class`));
  if (sources.some((source) => modifiedMs(source) > compiledMs)) {
    run('javac', ['-nowarn', '-cp', join(jars, '*'), '-d', classes, ...sources]);
  }
  return `${join(jars, '*')}:${classes}`;
}

/** When a file was changed last; 0 for one that is not there. */
function modifiedMs(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function pomOf(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>peers</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>
`;
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.slice(-3).join(' ')} ended with ${error?.message ?? status}`);
}
