import { expect, test } from 'vitest';
import { NewlineConverter } from '../../../src/commands/running/newlines.js';

function convert(...chunks: string[]): string {
  let text = '';
  const converter = new NewlineConverter((bytes) => {
    expect(bytes.length).toBeGreaterThan(0);
    text += Buffer.from(bytes).toString('latin1');
  });
  for (const chunk of chunks) converter.push(Buffer.from(chunk, 'latin1'));
  converter.end();
  return text;
}

const cases: [string, string][] = [
  ['a\r\nb\r\n', 'a\nb\n'],
  ['a\nb', 'a\nb'],
  ['10%\r20%\r\n', '10%\r20%\n'],
  ['\r\r\n', '\r\n'],
  ['\r\n\r\n', '\n\n'],
  ['ends in \r', 'ends in \r'],
  ['\xff\x00\r\n', '\xff\x00\n'],
  ['', ''],
];

test.each(cases)('%j becomes %j, whole, byte by byte and split anywhere', (text, expected) => {
  expect(convert(text)).toBe(expected);
  expect(convert(...text.split(''))).toBe(expected);
  for (let at = 0; at <= text.length; at += 1) {
    expect(convert(text.slice(0, at), text.slice(at))).toBe(expected);
  }
});
