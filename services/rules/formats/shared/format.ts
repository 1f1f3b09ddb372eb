/** What a format is: a file's bytes to rules, and where rules can be exported, back. */
import type { RuleSet } from '../../model/rule.ts';
import type { FormatOption, FormatOptions } from './options.ts';
import type { LossReport } from './report.ts';

/** A file to import. */
export interface FormatInput {
  readonly bytes: Uint8Array;
  /** Its name, for the report and the sources of rules. */
  readonly file: string;
  readonly options: FormatOptions;
}

/** What a file holds. Rules with errors are not among `rules`. */
export interface Imported {
  readonly rules: RuleSet;
  readonly report: LossReport;
}

export interface Exported {
  readonly text: string;
  readonly report: LossReport;
}

export interface RuleFormat {
  readonly name: string;
  /** One line for `--help`. */
  readonly help: string;
  readonly importOptions: readonly FormatOption[];
  /** Never throws for what the bytes hold: what is wrong is in the report. */
  parse(input: FormatInput): Imported;
  readonly exportOptions?: readonly FormatOption[];
  write?(rules: RuleSet, options: FormatOptions): Exported;
}
