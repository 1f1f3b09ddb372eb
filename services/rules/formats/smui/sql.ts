/** Rows of a SQL dump: INSERT statements of MySQL, PostgreSQL, SQLite and HSQLDB, and PostgreSQL's COPY. */

/** A row: what stands in each column, null for NULL; numbers as text. */
export type SqlRow = Readonly<Record<string, string | null>>;

export interface SqlTable {
  readonly rows: { readonly row: SqlRow; readonly line: number }[];
}

/** A statement that cannot be read. */
export interface SqlProblem {
  readonly line: number;
  readonly message: string;
}

const INSERT =
  /\bINSERT\s+(?:OR\s+\w+\s+|IGNORE\s+)?INTO\s+(?:[`"]?\w+[`"]?\.)?[`"]?(\w+)[`"]?\s*(?:\(([^)]*)\))?\s*VALUES\s*/giy;
const COPY = /^COPY (?:\w+\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;\r?\n/gimy;

/** Reads the tables named in `columns`; for statements that name no columns, those are theirs. */
export function readSql(
  text: string,
  columns: Readonly<Record<string, readonly string[]>>,
): { readonly tables: ReadonlyMap<string, SqlTable>; readonly problems: readonly SqlProblem[] } {
  const tables = new Map<string, SqlTable>(Object.keys(columns).map((name) => [name, { rows: [] }]));
  const problems: SqlProblem[] = [];
  const reader = new SqlReader(text);
  for (const begin of text.matchAll(/\bINSERT\s|^COPY /gim)) {
    const at = begin.index;
    if (at < reader.at) continue;
    const statement = reader.statement(at);
    if (statement === undefined) continue;
    const name = statement.table.toLowerCase();
    const table = tables.get(name);
    const names = statement.columns ?? columns[name];
    if (statement.wrong !== undefined && table !== undefined)
      problems.push({ line: statement.line, message: statement.wrong });
    if (table === undefined || names === undefined) continue;
    for (const { values, line } of statement.rows) {
      if (values.length !== names.length) {
        problems.push({ line, message: `${name}: expected ${names.length} values, found ${values.length}` });
      } else table.rows.push({ row: Object.fromEntries(names.map((column, i) => [column, values[i] ?? null])), line });
    }
  }
  return { tables, problems };
}

interface Statement {
  readonly table: string;
  readonly line: number;
  readonly columns: readonly string[] | undefined;
  readonly rows: { readonly values: (string | null)[]; readonly line: number }[];
  readonly wrong?: string;
}

class SqlReader {
  /** Behind what was read. */
  at = 0;
  readonly #text: string;
  /** Whether a backslash escapes in strings: MySQL alone does so, and quotes names by backticks. */
  readonly #backslash: boolean;
  readonly #unicode: boolean;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
    this.#backslash = /MySQL dump|MariaDB dump|INTO `/.test(text);
    this.#unicode = /HSQL|SET DATABASE /.test(text);
  }

  statement(at: number): Statement | undefined {
    INSERT.lastIndex = at;
    const insert = INSERT.exec(this.#text);
    if (insert !== null) {
      this.at = at + insert[0].length;
      return this.#values(insert[1] ?? '', columnNames(insert[2]), at);
    }
    COPY.lastIndex = at;
    const copy = COPY.exec(this.#text);
    if (copy === null) return undefined;
    this.at = at + copy[0].length;
    return this.#copied(copy[1] ?? '', columnNames(copy[2]), at);
  }

  #values(table: string, columns: string[] | undefined, begin: number): Statement {
    const rows: Statement['rows'] = [];
    const line = this.#lineOf(begin);
    for (;;) {
      this.#space();
      if (this.#text[this.at] !== '(') break;
      const rowLine = this.#lineOf(this.at);
      this.at++;
      const values = this.#row();
      if (values === undefined) return { table, line, columns, rows, wrong: `${table}: a row that does not end` };
      rows.push({ values, line: rowLine });
      this.#space();
      if (this.#text[this.at] !== ',') break;
      this.at++;
    }
    return { table, line, columns, rows };
  }

  #row(): (string | null)[] | undefined {
    const values: (string | null)[] = [];
    while (this.at < this.#text.length) {
      this.#space();
      const prefix = /[eEnNxXbB]?'|_\w+\s*'/y;
      prefix.lastIndex = this.at;
      const quote = prefix.exec(this.#text);
      if (quote !== null) {
        this.at += quote[0].length;
        const value = this.#string(this.#backslash || /^[eE]'/.test(quote[0]));
        if (value === undefined) return undefined;
        values.push(value);
      } else {
        const from = this.at;
        while (this.at < this.#text.length && !',)'.includes(this.#text[this.at] as string)) this.at++;
        const word = this.#text.slice(from, this.at).trim();
        values.push(/^null$/i.test(word) ? null : word);
      }
      this.#space();
      const end = this.#text[this.at++];
      if (end === ')') return values;
      if (end !== ',') return undefined;
    }
    return undefined;
  }

  #string(backslash: boolean): string | undefined {
    let out = '';
    while (this.at < this.#text.length) {
      const sign = this.#text[this.at++] as string;
      if (sign === "'") {
        if (this.#text[this.at] !== "'") {
          return this.#unicode
            ? out.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
            : out;
        }
        this.at++;
        out += "'";
      } else if (sign === '\\' && backslash) out += unescaped(this.#text[this.at++] ?? '');
      else out += sign;
    }
    return undefined;
  }

  #copied(table: string, columns: string[] | undefined, begin: number): Statement {
    const rows: Statement['rows'] = [];
    let line = this.#lineOf(begin);
    const first = line;
    while (this.at < this.#text.length) {
      const end = this.#text.indexOf('\n', this.at);
      const row = this.#text.slice(this.at, end < 0 ? undefined : end).replace(/\r$/, '');
      this.at = end < 0 ? this.#text.length : end + 1;
      line++;
      if (row === '\\.') return { table, line: first, columns, rows };
      const values = row
        .split('\t')
        .map((value) => (value === '\\N' ? null : value.replace(/\\(.)/gs, (_, sign: string) => unescaped(sign))));
      rows.push({ values, line });
    }
    return { table, line: first, columns, rows, wrong: `${table}: COPY without a last line "\\."` };
  }

  #space(): void {
    while (/\s/.test(this.#text[this.at] ?? 'x')) this.at++;
  }

  /** The line of a position; positions are asked for in order. */
  #lineOf(position: number): number {
    for (; this.#counted < position; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++;
    return this.#line;
  }
}

function columnNames(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) =>
    name
      .trim()
      .replace(/^[`"]|[`"]$/g, '')
      .toLowerCase(),
  );
}

function unescaped(sign: string): string {
  return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0', Z: '\x1a' }[sign] ?? sign;
}
