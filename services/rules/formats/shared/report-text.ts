/** A loss report for people. */
import { renderTables, type Table } from '../../../figures/table.ts';
import type { RuleSource } from '../../model/rule.ts';
import type { Finding, LossReport } from './report.ts';

/** Rules that lost something are all counted; so many are shown. */
const SHOWN_OUTCOMES = 50;
const SHOWN_WARNINGS = 50;

/** The counts, then every error, then warnings and losses, the first of them each. */
export function reportText(report: LossReport): string {
  const { whole, part, not, errors, warnings } = report;
  const verb = report.direction === 'import' ? 'imported from' : 'exported to';
  const counts: Table = {
    title: `Rules ${verb} ${report.format}`,
    columns: ['taken over', 'rules'],
    rows: [
      ['whole', String(whole)],
      ['in part', String(part)],
      ['not', String(not)],
    ],
    note: `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  };
  const blocks = [
    renderTables([counts], 'text').trimEnd(),
    findings('Errors', report, 'error', Number.POSITIVE_INFINITY),
    findings('Warnings', report, 'warning', SHOWN_WARNINGS),
    losses(report),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** `file:12`, `file#/rules/3`, or what of it is known. */
export function placeText({ file = '', line, pointer }: RuleSource): string {
  const where = `${line === undefined ? '' : `:${line}`}${pointer ? `#${pointer}` : ''}`;
  return `${file}${where}` || '-';
}

function findings(title: string, report: LossReport, severity: Finding['severity'], most: number): string {
  const all = report.findings.filter((finding) => finding.severity === severity);
  if (all.length === 0) return '';
  const lines = all.slice(0, most).map(({ source, code, message }) => `${placeText(source)}: ${message} (${code})`);
  return [title, '', ...lines, ...more(all.length - lines.length)].join('\n');
}

function losses(report: LossReport): string {
  const all = report.outcomes.filter(({ taken, lost }) => taken !== 'whole' && lost.length > 0);
  if (all.length === 0) return '';
  const lines = all.slice(0, SHOWN_OUTCOMES).map(({ source, taken, rules, lost }) => {
    const name = report.direction === 'export' ? (rules[0] ?? '-') : placeText(source);
    const parts = lost.map(({ what, why }) => `${what}: ${why}`).join('; ');
    return `${name}: ${taken === 'part' ? 'in part' : 'not taken over'}: ${parts}`;
  });
  return ['Lost', '', ...lines, ...more(all.length - lines.length)].join('\n');
}

function more(count: number): string[] {
  return count > 0 ? [`and ${count} more; --json or --report has all`] : [];
}
