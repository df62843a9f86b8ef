import { kind } from './define.js';

/** Of MicroPython's UART, unless its firmware was built otherwise. */
const consoleBaud = 115200;

/** Talking to MicroPython's raw REPL. */
export const rawReplErrors = {
  'rawrepl/no-prompt': kind<{ port: string; waitedMs: number; lastBytes: string; baudRate?: number }>({
    exitCode: 3,
    message: ({ port, waitedMs, lastBytes }) =>
      lastBytes === ''
        ? `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent nothing`
        : `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent last: ${lastBytes}`,
    hint: ({ lastBytes, baudRate = consoleBaud }) => {
      if (baudRate !== consoleBaud && (lastBytes === '' || looksGarbled(lastBytes))) {
        return `MicroPython's console uses ${consoleBaud} baud, and this was ${baudRate}: leave -b away (upyw config shows where else it is set)`;
      }
      if (lastBytes === '') {
        return 'Tap EN (RST) on the board and try again. A new board needs MicroPython first: upyw flash';
      }
      return looksGarbled(lastBytes)
        ? `What it sent cannot be read: the baud rate may be wrong (MicroPython uses -b ${consoleBaud}), or the cable is bad`
        : 'A running program may hold the board: tap EN (RST) and try again, or give it longer: --timeout 30';
    },
  }),
  'rawrepl/no-micropython': kind<{ port: string; said: string; inLoader: boolean }>({
    exitCode: 3,
    message: ({ port, said, inLoader }) =>
      inLoader
        ? `the chip on ${port} waits for a loader and has not started MicroPython; it says: ${said}`
        : `there is no MicroPython that could start on ${port}; the chip says: ${said}`,
    hint: ({ inLoader }) =>
      inLoader
        ? 'Let go of BOOT (IO0 must not be held low), tap EN (RST) and try again'
        : 'Write MicroPython to it: upyw flash',
  }),
  'rawrepl/protocol': kind<{ port: string; expected: string; lastBytes: string }>({
    exitCode: 3,
    message: ({ port, expected, lastBytes }) =>
      `unexpected answer from ${port}: waited for ${expected}, the board sent: ${lastBytes}`,
    hint: () =>
      'Repeat the command. If it happens again, check cable and baud rate, or record it with --trace FILE',
  }),
};

/** Whether most of what came is neither text nor anything else that MicroPython prints. */
function looksGarbled(quotedBytes: string): boolean {
  const strange = quotedBytes.match(/\\x[0-9a-f]{2}|\ufffd/g)?.length ?? 0;
  const all = quotedBytes.replace(/\\x[0-9a-f]{2}/g, '.').length;
  return strange > all / 3;
}
