import { expect, test } from 'vitest';
import { type InputEvent, InputParser } from '../../../src/ui/terminal/input-parser.js';

/** Events as text, neighbours of the same kind joined: how the bytes were cut does not show. */
function parse(...chunks: string[]): string[] {
  const parser = new InputParser();
  const events = chunks.flatMap((chunk) => parser.push(Buffer.from(chunk)));
  events.push(...parser.flush());
  const shown: string[] = [];
  let last: InputEvent | undefined;
  for (const event of events) {
    const text = event.kind === 'leave' ? '' : Buffer.from(event.bytes).toString();
    if (last?.kind === event.kind && event.kind !== 'leave') shown.push((shown.pop() ?? '') + text);
    else shown.push(`${event.kind}:${text}`);
    last = event;
  }
  return shown;
}

const paste = '\u001b[200~def f():\r  pass\r\u001b[201~';

test('keys go through, one by one or a line at a time', () => {
  expect(parse('p', 'r', 'int(1)\r')).toEqual(['keys:print(1)\r']);
  expect(parse('\u0003', '\u0004', '\u001b[A')).toEqual(['keys:\u0003\u0004\u001b[A']);
});

test('Ctrl-] and Ctrl-X leave; what was typed before still counts', () => {
  expect(parse('\u001d')).toEqual(['leave:']);
  expect(parse('x=1\r\u0018')).toEqual(['keys:x=1\r', 'leave:']);
});

test('a marked paste arrives whole wherever it is cut', () => {
  const expected = ['keys:a', 'paste:def f():\r  pass\r', 'keys:b'];
  const text = `a${paste}b`;
  expect(parse(text)).toEqual(expected);
  for (let at = 0; at <= text.length; at += 1)
    expect(parse(text.slice(0, at), text.slice(at))).toEqual(expected);
});

test('a marked paste may hold the keys that leave', () => {
  expect(parse('\u001b[200~a\u001db\u001b[201~')).toEqual(['paste:a\u001db']);
});

test('several lines at once, or very many bytes, are a paste without marks too', () => {
  expect(parse('def f():\r  pass\r')).toEqual(['paste:def f():\r  pass\r']);
  expect(parse('x'.repeat(40))).toEqual([`paste:${'x'.repeat(40)}`]);
  expect(parse('x = 1\r\n')).toEqual(['keys:x = 1\r\n']);
});

test('what may start a paste is held back until flushed, the Escape key too', () => {
  const parser = new InputParser();
  expect(parser.push(Buffer.from('\u001b'))).toEqual([]);
  expect(parser.push(Buffer.from('['))).toEqual([]);
  expect(parser.isHolding).toBe(true);
  expect(parser.flush()).toHaveLength(1);
  expect(parser.isHolding).toBe(false);
});
