import { describe, expect, it } from 'vitest';
import { TracebackNotes } from '../../../src/commands/running/repl/traceback-notes.js';

const said = [
  '>>> main()',
  'Traceback (most recent call last):',
  '  File "<stdin>", line 1, in <module>',
  '  File "urequests.py", line 60, in request',
  'IndexError: list index out of range',
  '>>> raise OSError(23)',
  'tick Traceback (most recent call last):',
  '  File "<stdin>", line 1, in <module>',
  'OSError: [Errno 23] ENFILE',
  'žluťoučký kůň',
  '>>> ',
].join('\r\n');

/** What the screen shows: everything said, with the notes in between. */
function show(chunks: readonly Uint8Array[]): string {
  const notes = new TracebackNotes();
  const shown: Uint8Array[] = [];
  for (const { bytes, note } of chunks.flatMap((chunk) => notes.push(chunk))) {
    shown.push(bytes, ...(note === undefined ? [] : [Buffer.from(`<${note.slice(0, 10)}>`)]));
  }
  return Buffer.concat(shown).toString();
}

describe('TracebackNotes', () => {
  const expected = said.replace('out of range\r\n', '$&<no network>').replace('ENFILE\r\n', '$&<a response>');

  it('says it behind the last line of the traceback, wherever the pieces are cut', () => {
    const bytes = Buffer.from(said);
    expect(show([bytes])).toBe(expected);
    expect(show([...bytes].map((byte) => Uint8Array.of(byte)))).toBe(expected);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(show([bytes.subarray(0, at), bytes.subarray(at)])).toBe(expected);
    }
  });

  it.each([
    [
      'an exception that speaks for itself',
      'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1\n',
    ],
    ['a program that prints such a line', 'OSError: 23\n'],
    ['the line after the traceback', 'Traceback (most recent call last):\nValueError: 1\nOSError: 23\n'],
    ['a line that has not ended', 'Traceback (most recent call last):\n  File "a.py", line 1\nOSError: 23'],
    ['bytes that are no text', '\u0000\u0081\u00ff'.repeat(2000)],
  ])('adds nothing to %s', (_, text) => {
    expect(show([Buffer.from(text, 'latin1')])).toBe(Buffer.from(text, 'latin1').toString());
  });
});
