import { Buffer } from 'node:buffer';

const shortEscapes: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };

/** One well-formed UTF-8 character of two to four bytes, or else any single byte that is not printable ASCII. */
const notAscii = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^\x20-\x7e]/g;

/**
 * What a board sent, for a message: printable text as it is, the rest as `\r`, `\n`, `\t` and `\xNN`. Nothing for nothing.
 * Nothing in it can move the cursor or colour the terminal.
 */
export function quoteBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replace(notAscii, quoteOne);
}

function quoteOne(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  if (latin1.length > 1) {
    const text = bytes.toString('utf8');
    if (!/[\ufffd\p{C}\p{Z}]/u.test(text)) return text;
  }
  return (
    shortEscapes[latin1] ?? [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  );
}
