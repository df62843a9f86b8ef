import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { NamedBoards } from '../config/boards/load-boards.js';
import { isMac } from '../config/boards/mac.js';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { AtomicFile } from '../local/atomic-file.js';
import { writeLocalFile } from '../local/local-files.js';
import { shownAddress } from '../shown-address.js';
import type { Summary } from './fleet-view.js';
import type { Target } from './targets.js';

const columns = ['board', 'name', 'mac', 'port', 'result', 'code', 'message', 'seconds'] as const;
type Column = (typeof columns)[number];

/** One board in a report. */
export type ReportRow = Readonly<Record<Column, string | number | null>>;

/** What is told of each board, as rows. */
export function reportRows({ outcomes, skipped }: Summary): ReportRow[] {
  const told = outcomes.map(({ board, result, error, durationMs }) => ({
    board: board.label,
    name: board.name ?? null,
    mac: board.mac ?? null,
    port: shownAddress(board.port),
    result,
    code: error === undefined ? null : error instanceof UpywError ? String(error.code) : 'internal/bug',
    message: error instanceof Error ? error.message : null,
    seconds: Math.round(durationMs / 100) / 10,
  }));
  const passedOver = skipped.map(({ port, what }) => ({
    ...{ board: port, name: null, mac: null, port, result: 'skipped' },
    ...{ code: null, message: what, seconds: 0 },
  }));
  return [...told, ...passedOver];
}

/** A report that is written again whenever there is more to tell. */
export class ReportFile {
  private constructor(
    private readonly path: string,
    private readonly isJson: boolean,
  ) {}

  /** Makes sure that it can be written, before anything else is done. Throws `usage/bad-value`, `file/…`. */
  static async prepare(cwd: string, named: string): Promise<ReportFile> {
    const ending = /\.(csv|json)$/i.exec(named)?.[1]?.toLowerCase();
    if (ending === undefined) {
      const expected = 'a file whose name ends in .csv or .json';
      throw new UpywError('usage/bad-value', { name: '--report', value: named, expected });
    }
    const path = resolve(cwd, named);
    const trial = await AtomicFile.create(path);
    await trial.discard();
    return new ReportFile(path, ending === 'json');
  }

  /** Throws `file/…`. */
  async write(summary: Summary): Promise<void> {
    const rows = reportRows(summary);
    const text = this.isJson ? `${JSON.stringify({ boards: rows }, null, 2)}\n` : csvText(rows);
    await writeLocalFile(this.path, new TextEncoder().encode(text));
  }
}

/** RFC 4180, with the line ends that it asks for. */
function csvText(rows: readonly ReportRow[]): string {
  const lines = rows.map((row) => columns.map((column) => csvField(row[column])).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function csvField(value: string | number | null): string {
  const text = String(value ?? '');
  // A spreadsheet would compute what begins with one of these signs.
  const safe = typeof value === 'string' && /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The boards of a report with which it did not go well. Throws `file/…`, `config/unreadable`. */
export async function failedTargets(cwd: string, named: string, names: NamedBoards): Promise<Target[]> {
  const rows = await readReport(resolve(cwd, named), named);
  return rows
    .filter(({ result }) => result !== 'ok' && result !== 'skipped')
    .map(({ mac, port, board }): Target => {
      // The address of a virtual board is all that there is to know of it.
      if (typeof mac !== 'string' || !isMac(mac) || String(port).startsWith('sim:'))
        return { kind: 'port', address: String(port), isGuess: false };
      const entry = names.boards.find((each) => each.mac === mac);
      const { port: own } = (entry?.settings ?? {}) as { port?: string };
      return { kind: 'board', name: entry?.name ?? String(board), mac, port: own };
    });
}

async function readReport(path: string, named: string): Promise<Partial<Record<Column, unknown>>[]> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw localError(error, path);
  }
  const rows = /\.json$/i.test(named) ? parseJson(text) : parseCsv(text);
  if (rows !== undefined && rows.every((row) => 'result' in row && 'port' in row)) return rows;
  throw new UpywError('config/unreadable', {
    source: named,
    reason: 'it is no report that --report has written',
  });
}

function parseJson(text: string): Partial<Record<Column, unknown>>[] | undefined {
  try {
    const { boards } = JSON.parse(text) as { boards?: unknown };
    const isTable = Array.isArray(boards) && boards.every((row) => typeof row === 'object' && row !== null);
    return isTable ? (boards as Partial<Record<Column, unknown>>[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Also what a spreadsheet has saved, with semicolons between the fields. */
function parseCsv(text: string): Partial<Record<Column, unknown>>[] | undefined {
  const [first = ''] = text.split(/\r?\n/, 1);
  const separator = first.includes(';') ? ';' : ',';
  const [header, ...lines] = csvLines(text, separator);
  if (header?.includes('result') !== true) return undefined;
  return lines.map((fields) => Object.fromEntries(header.map((name, index) => [name, fields[index] ?? ''])));
}

function csvLines(text: string, separator: string): string[][] {
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\r\\n${separator}]*))(${separator}|\\r?\\n|$)`, 'g');
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(field)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== separator) lines.push([]);
  }
  return lines.filter((line) => line.some((value) => value !== ''));
}
