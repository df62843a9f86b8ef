import { isUpywError } from '../errors.js';
import { RawRepl, type EnterRawReplOptions } from '../rawrepl/raw-repl.js';
import type { Port } from '../transport/port.js';
import { canRaise, raisedRates } from './console-speed.js';
import { lowerConsole } from './lower-console.js';
import { type UartRegisters, usualRegisters } from './uart-divider.js';

/** A board that was left in the middle of a transfer has long given up, and waits at its prompt. */
const answerMs = 400;
/**
 * Prints UART0's control register, and each bit of it turned round: what is made of it is written to the board. Other chips have other
 * registers; only the ESP32 has that thermometer.
 */
const printControl = `(lambda control: print("%08x%08x" % (control, control ^ 0xffffffff)))(
 __import__("esp32").raw_temperature and __import__("machine").mem32[0x3ff40020])`;

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
      const isLow = await lowerConsole(repl, await readRegisters(repl, usual), usual);
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

/** What UART0's registers usually hold; undefined where there is none that we know, or the line has garbled what it holds now. */
async function readRegisters(repl: RawRepl, baudRate: number): Promise<UartRegisters | undefined> {
  const printed = await repl.exec(printControl).catch((error: unknown) => {
    if (!isUpywError(error, 'board/exception')) throw error;
    return new Uint8Array();
  });
  const [, digits = '', turned = ''] =
    /^([0-9a-f]{8})([0-9a-f]{8})\r?\n$/.exec(new TextDecoder().decode(printed)) ?? [];
  const control = parseInt(digits, 16);
  return (control ^ parseInt(turned, 16)) >>> 0 === 0xffff_ffff
    ? usualRegisters(baudRate, control)
    : undefined;
}
