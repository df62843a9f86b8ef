import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';

const replacement = '\uFFFD';

/**
 * The text of a config file without a byte order mark. `decoded`: as cosmiconfig read it, with a sign in place of each byte
 * that is not UTF-8. Throws `config/unreadable` for other encodings.
 */
export async function wellEncoded(path: string, decoded: string): Promise<string> {
  if (decoded.includes(replacement)) {
    const reason = encodingMistake(await readFile(path));
    if (reason !== undefined) throw new UpywError('config/unreadable', { source: path, reason });
  }
  return decoded.replace(/^\uFEFF/, '');
}

/** Why bytes are no UTF-8 text, with the line; undefined: they are. */
export function encodingMistake(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return 'it is saved as UTF-16: save it as UTF-8';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return `it is not UTF-8 text (see line ${firstBadLine(bytes)}): save it as UTF-8`;
  }
}

/** No byte of a multi-byte character is a line feed, so lines can be looked at one by one. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    if (new TextDecoder().decode(bytes.subarray(from, to)).includes(replacement)) return line;
    from = to + 1;
  }
  return line;
}

/** Where a JSON or YAML text cannot be understood, and why, without quoting it. */
export function whereItBreaks(error: unknown, text: string): string {
  const { mark, reason, message } = error as {
    mark?: { line: number; column: number };
    reason?: string;
    message?: string;
  };
  if (mark !== undefined) {
    const why = (reason ?? 'it is not valid YAML').replace(/"[^"]*"|'[^']*'|<[^>]*>/g, '…');
    return `${why} at line ${mark.line + 1}, column ${mark.column + 1}`;
  }
  // js-yaml, of a text with several documents.
  if (reason !== undefined) return reason;
  const [, position] = /position (\d+)/.exec(message ?? '') ?? [];
  if (position === undefined) return 'it is not valid JSON';
  const before = text.slice(0, Number(position)).split('\n');
  return `it is not valid JSON at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Whether YAML broke at a line whose value has a colon that ends a word, which makes it another `name: value`. */
export function wantsQuotes(error: unknown, text: string): boolean {
  const { mark } = error as { mark?: { line: number } };
  const line = mark === undefined ? undefined : text.split('\n')[mark.line];
  return line !== undefined && /^[\s-]*[\w.]+:\s+[^\s'"#[{][^#]*:(?:\s|$)/.test(line);
}
