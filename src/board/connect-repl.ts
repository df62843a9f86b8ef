import { isUpywError } from '../errors.js';
import { RawRepl, type EnterRawReplOptions } from '../rawrepl/raw-repl.js';
import type { Port } from '../transport/port.js';
import { canRaise, raisedRates } from './console-speed.js';
import { lowerConsole } from './lower-console.js';
import { usualRegisters } from './uart-divider.js';

/** A board that was left in the middle of a transfer has long given up, and waits at its prompt. */
const answerMs = 400;
/** Prints UART0's control register. Other chips have other registers; only the ESP32 has that thermometer. */
const printControl = `try:
 from esp32 import raw_temperature
 from machine import mem32
 print(mem32[0x3ff40020])
except ImportError:print()
`;

export interface ConnectReplOptions extends EnterRawReplOptions {
  readonly onNote?: ((text: string, level?: 'warning') => void) | undefined;
}

/**
 * `RawRepl.enter`, which also finds a board whose console was left at a raised rate: by a process that was killed or a computer
 * that went to sleep in the middle of a transfer. It is brought back to the port's rate. Throws `rawrepl/no-prompt`.
 */
export async function connectRepl(port: Port, options: ConnectReplOptions): Promise<RawRepl> {
  try {
    return await RawRepl.enter(port, options);
  } catch (error) {
    if (!isUpywError(error, 'rawrepl/no-prompt') || !canRaise(port)) throw error;
    const rescued = await rescue(port, options);
    if (rescued === undefined) throw error;
    return rescued;
  }
}

async function rescue(port: Port, { signal, onNote }: ConnectReplOptions): Promise<RawRepl | undefined> {
  const usual = port.baudRate;
  try {
    for (const rate of raisedRates.filter((each) => each > usual)) {
      await port.setBaudRate(rate);
      const repl = await RawRepl.enter(port, { timeoutMs: answerMs, signal }).catch((error: unknown) => {
        if (!isUpywError(error, 'rawrepl/no-prompt')) throw error;
      });
      if (repl === undefined) continue;
      repl.possibleRates = [usual, rate];
      const control = new TextDecoder().decode(await repl.exec(printControl)).trim();
      if (control !== '') await lowerConsole(repl, usualRegisters(usual, Number(control)), usual);
      repl.possibleRates = [];
      if (port.baudRate !== usual || !repl.isAtPrompt) {
        await repl.leave();
        break;
      }
      onNote?.(`the board's console was still at ${rate} baud after a transfer that was cut off`, 'warning');
      return repl;
    }
  } finally {
    if (port.baudRate !== usual) await port.setBaudRate(usual);
  }
  return undefined;
}
