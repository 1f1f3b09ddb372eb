/** What a setting is. */

/** How a setting's text is read. `bytes` takes KiB, MiB and GiB; `list` is separated by commas. */
export type SettingKind = 'integer' | 'number' | 'bytes' | 'choice' | 'text' | 'switch' | 'list';

export interface Setting {
  /** Its name in a configuration file. */
  readonly key: string;
  /** Its name on the command line, without the dashes. */
  readonly flag: string;
  readonly env: string;
  readonly group: 'behaviour' | 'limits' | 'performance' | 'request defaults' | 'admin';
  readonly kind: SettingKind;
  /** Unit of the number, or an empty string. */
  readonly unit: string;
  readonly initial: string | number | boolean | null;
  /** For numbers: the least and the largest value, both allowed. */
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly help: string;
}

/** A setting whose flag and variable are named after it, unless it says otherwise. */
export function setting(
  key: string,
  rest: Omit<Setting, 'key' | 'flag' | 'env'> & { flag?: string; env?: string },
): Setting {
  const flag = rest.flag ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const env = rest.env ?? `EMEND_${flag.replaceAll('-', '_').toUpperCase()}`;
  return Object.freeze({ ...rest, key, flag, env });
}
