import { UpywError } from '../errors.js';

/** `4194304`, `0x400000`, `4M`, `16k` → bytes. Throws `usage/bad-value`. */
export function parseBytes(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(0x[0-9a-f]+|\d+)\s*([kM]?)B?$/i.exec(text.trim());
  const scale = { '': 1, k: 0x400, m: 0x100000 }[(match?.[2] ?? '').toLowerCase() as '' | 'k' | 'm'];
  const value = match === null ? Number.NaN : Number(match[1]) * scale;
  if (!Number.isSafeInteger(value)) {
    throw new UpywError('usage/bad-value', {
      name,
      value: text,
      expected: 'a number of bytes such as 4096, 0x1000, 64k or 4M',
    });
  }
  return value;
}
