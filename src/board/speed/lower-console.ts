import { randomBytes } from 'node:crypto';
import { isUpywError } from '../../errors.js';
import type { RawChannel, RawRepl } from '../../rawrepl/raw-repl.js';
import { helperCall } from '../helpers/device-code.js';
import { endedSign } from '../helpers/helper-signs.js';
import type { UartRegisters } from './uart-divider.js';

const attempts = 2;
const ctrlC = 0x03;
const answerMs = 1_000;
/** The board changes its rate some 2 ms after its sign. */
const changeMs = 6;
const knockMs = 60;
const patienceMs = 1_500;
/** A board that has done what it was told may answer so to one Ctrl-C too many. */
const interrupted = /^KeyboardInterrupt/;

/**
 * Puts the console back to the rate that it had before, by way of device/helpers/slow_down.py; `repl.possibleRates` are those that it
 * may have. A line that garbles the talk gets a second one; without registers nothing is tried. Returns whether the board is at its prompt
 * at that rate.
 */
export async function lowerConsole(
  repl: RawRepl,
  registers: UartRegisters | undefined,
  baudRate: number,
): Promise<boolean> {
  const { port } = repl;
  for (let tries = 0; registers !== undefined && port.baudRate !== baudRate && tries < attempts; tries += 1) {
    try {
      await attempt(repl, registers, baudRate);
    } catch (error) {
      if (isUpywError(error, 'port/lost')) throw error;
      // `repl` has looked at which rate the board answers.
    }
  }
  return port.baudRate === baudRate && repl.isAtPrompt;
}

async function attempt(repl: RawRepl, { divider, control }: UartRegisters, baudRate: number): Promise<void> {
  const tag = randomBytes(3).toString('hex');
  const talk = async ({ port, reader }: RawChannel): Promise<boolean> => {
    await reader.skipUntil(tag, { timeoutMs: answerMs });
    await port.setBaudRate(baudRate);
    return awaitEnd({ port, reader });
  };
  try {
    const isQuiet = await repl.session(await helperCall('slow_down', tag, divider, control), talk);
    // What came while the board changed its rate may stand garbled at the prompt.
    if (!isQuiet) await repl.settle();
  } catch (error) {
    if (!isUpywError(error, 'board/exception') || !interrupted.test(error.details.exception)) throw error;
  }
}

/**
 * Wakes the program on the board, which has changed its rate by now, or will in a moment. Returns whether it ended without that.
 */
async function awaitEnd({ port, reader }: Pick<RawChannel, 'port' | 'reader'>): Promise<boolean> {
  let isQuiet = true;
  const deadline = performance.now() + patienceMs;
  let timeoutMs = changeMs;
  for (;;) {
    try {
      await reader.skipUntil(Uint8Array.of(endedSign), { timeoutMs });
      reader.unread(Uint8Array.of(endedSign));
      return isQuiet;
    } catch (error) {
      if (!isUpywError(error, 'port/silent') || performance.now() > deadline) throw error;
    }
    await port.write(Uint8Array.of(ctrlC));
    isQuiet = false;
    timeoutMs = knockMs;
  }
}
