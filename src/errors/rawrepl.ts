import { kind } from './define.js';

/** Talking to MicroPython's raw REPL. */
export const rawReplErrors = {
  'rawrepl/no-prompt': kind<{ port: string; waitedMs: number; lastBytes: string }>({
    exitCode: 3,
    message: ({ port, waitedMs, lastBytes }) =>
      lastBytes === ''
        ? `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent nothing`
        : `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent last: ${lastBytes}`,
    hint: ({ lastBytes }) => {
      if (lastBytes === '') {
        return 'Tap EN (RST) on the board and try again. A new board needs MicroPython first: upyw flash';
      }
      return isRomLoader(lastBytes)
        ? 'This is the chip itself talking, there is no MicroPython on it (or IO0 is held low): upyw flash'
        : 'A running program may hold the board: tap EN (RST) and try again, or give it longer: --timeout 30';
    },
  }),
  'rawrepl/protocol': kind<{ port: string; expected: string; lastBytes: string }>({
    exitCode: 3,
    message: ({ port, expected, lastBytes }) =>
      `unexpected answer from ${port}: waited for ${expected}, the board sent: ${lastBytes}`,
    hint: () =>
      'Repeat the command. If it happens again, check cable and baud rate, or record it with --trace FILE',
  }),
};

/** What the ESP32's mask ROM prints when it waits for a download or finds nothing to start. */
function isRomLoader(lastBytes: string): boolean {
  return /waiting for download|invalid header|flash read err|ets_main\.c/.test(lastBytes);
}
