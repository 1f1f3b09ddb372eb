import { formatBytes, takes } from './config.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** The settings' flags, as `util.parseArgs` takes them. */
export function flagOptions(): Record<string, { type: 'string' | 'boolean' }> {
  const options: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const setting of SETTINGS) options[setting.flag] = { type: setting.kind === 'switch' ? 'boolean' : 'string' };
  return options;
}

/** The settings as lines of `--help`: flag, what it does, range and default. */
export function flagHelp(): string {
  const lines: string[] = [];
  for (const group of groups()) {
    lines.push(`${group[0]?.toUpperCase()}${group.slice(1)}:`);
    for (const setting of SETTINGS.filter((candidate) => candidate.group === group)) {
      const flag = setting.kind === 'switch' ? `--${setting.flag}` : `--${setting.flag} ${placeholder(setting)}`;
      lines.push(`  ${flag.padEnd(28)} ${setting.help}`, `  ${''.padEnd(28)} (${facts(setting)})`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** The settings as a Markdown table, the reference of docs/configuration.md. */
export function configTable(): string {
  const lines: string[] = [];
  for (const group of groups()) {
    lines.push(`### ${group[0]?.toUpperCase()}${group.slice(1)}`, '');
    lines.push(
      '| flag | variable | in a file | takes | default | what it does |',
      '| --- | --- | --- | --- | --- | --- |',
    );
    for (const setting of SETTINGS.filter((candidate) => candidate.group === group)) {
      const cells = [`\`--${setting.flag}\``, `\`${setting.env}\``, `\`${setting.key}\``, takesUnit(setting)];
      lines.push(`| ${[...cells, initialText(setting), setting.help.replaceAll('|', '\\|')].join(' | ')} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

function groups(): string[] {
  return [...new Set(SETTINGS.map((setting) => setting.group))];
}

function placeholder(setting: Setting): string {
  if (setting.kind === 'choice') return (setting.choices ?? []).length < 3 ? (setting.choices ?? []).join('|') : 'NAME';
  if (setting.kind === 'bytes') return 'SIZE';
  if (setting.kind === 'list') return 'A,B';
  return setting.kind === 'text' ? 'TEXT' : 'N';
}

function facts(setting: Setting): string {
  const parts = setting.kind === 'text' || setting.kind === 'switch' ? [] : [takesUnit(setting)];
  return [...parts, `default: ${initialText(setting)}`, setting.env].join('; ');
}

function takesUnit(setting: Setting): string {
  return setting.unit === '' || setting.kind === 'bytes' ? takes(setting) : `${takes(setting)} ${setting.unit}`;
}

function initialText(setting: Setting): string {
  if (setting.initial === null || setting.initial === '') return 'none';
  return setting.kind === 'bytes' ? formatBytes(Number(setting.initial)) : String(setting.initial);
}
