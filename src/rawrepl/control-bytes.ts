/** What MicroPython's prompts understand as single bytes (shared/runtime/pyexec.c of MicroPython). */
export const ctrlA = '\x01';
export const ctrlB = '\x02';
export const ctrlC = '\x03';
export const ctrlD = '\x04';
export const ctrlE = '\x05';

/** What the raw REPL says when it is entered. */
export const rawBanner = 'raw REPL; CTRL-B to exit\r\n>';

const encoder = new TextEncoder();

/** UTF-8, as MicroPython's lexer expects it. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
