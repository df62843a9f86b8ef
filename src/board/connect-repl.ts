import { isUpywError } from '../errors.js';
import { RawRepl, type EnterRawReplOptions } from '../rawrepl/raw-repl.js';
import type { Port } from '../transport/port.js';
import { canRaise, raisedRates } from './console-speed.js';
import { lowerConsole } from './lower-console.js';
import { usualRegisters } from './uart-divider.js';

/** A board that was left in the middle of a transfer has long given up, and waits at its prompt. */
const answerMs = 400;
/** As `os.uname().machine` ends; other chips have other registers. */
const plainEsp32 = /^esp32 .* with ESP32(?:-(?:D0|PI|U4|S0).*)?$/;

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
      const chip = await evaluate(repl, '__import__("sys").platform+" "+__import__("os").uname()[4]');
      if (!plainEsp32.test(chip)) {
        await repl.leave();
        break;
      }
      const control = Number(await evaluate(repl, '__import__("machine").mem32[0x3ff40020]'));
      repl.possibleRates = [usual, rate];
      const isLow = await lowerConsole(repl, usualRegisters(usual, control), usual);
      repl.possibleRates = [];
      if (!isLow) {
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

async function evaluate(repl: RawRepl, expression: string): Promise<string> {
  return new TextDecoder().decode(await repl.exec(`print(${expression})`)).trim();
}
