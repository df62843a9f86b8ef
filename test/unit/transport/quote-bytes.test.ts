import { expect, it } from 'vitest';
import { quoteBytes } from '../../../src/transport/quote-bytes.js';

it.each([
  ['', ''],
  ['\r\n>>> ', String.raw`\r\n>>> `],
  ["NameError: name 'x'\t", String.raw`NameError: name 'x'\t`],
  ['\u0004\u001b[31m', String.raw`\x04\x1b[31m`],
  ['připojeno 🐍', 'připojeno 🐍'],
  ['\u009b\u2028\u202e', String.raw`\xc2\x9b\xe2\x80\xa8\xe2\x80\xae`],
])('%j is shown as %j', (text, shown) => {
  expect(quoteBytes(Buffer.from(text))).toBe(shown);
});

it('shows bytes that are no UTF-8 as hex', () => {
  expect(quoteBytes(Uint8Array.of(0xff, 0x41, 0xc5, 0xed, 0xa0, 0x80))).toBe(
    String.raw`\xffA\xc5\xed\xa0\x80`,
  );
});
