import { isUpywError } from '../../errors.js';
import { RawRepl } from '../../rawrepl/raw-repl.js';
import { rawBanner } from '../../rawrepl/control-bytes.js';
import { ByteReader } from '../../transport/byte-reader.js';
import { cameInTime } from '../../transport/came-in-time.js';
import type { Port } from '../../transport/port.js';
import { isAck, receiverReadySign } from '../transfer/block-sender.js';
import { raisedRates } from './console-rates.js';
import { lowerConsole } from './lower-console.js';
import { stopBlock } from '../transfer/upload-blocks.js';
import { type UartRegisters, usualRegisters } from './uart-divider.js';

/**
 * More Ctrl-C than a receiver of ours has in one window: one that was cut off in its middle answers, and asks for its block anew. A board at a
 * prompt answers the Ctrl-A behind them.
 */
const knock = Uint8Array.from([...new Uint8Array(300).fill(3), 1]);
/** It waits for silence first, twice. */
const receiverAsksMs = 900;
/** Behind a USB adapter that collects bytes for 16 ms, and on a busy computer. */
const lifeSignMs = 200;
/** Of what is heard, so much of its end is looked at: before that, a board that was sending a file may still have sent. */
const lookedAtBytes = 24;
/** A receiver waits 2 s for more where it does not hear that there is none, tidies up, and only then gives the console back. */
const givesUpMs = 4_500;
/**
 * Prints UART0's control register, and each bit of it turned round: what is made of it is written to the board. Other chips have other
 * registers; only the ESP32 has that thermometer.
 */
const printControl = `(lambda control: print("%08x%08x" % (control, control ^ 0xffffffff)))(
 __import__("esp32").raw_temperature and __import__("machine").mem32[0x3ff40020])`;

export interface RescueOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onNote?: ((text: string, level?: 'warning') => void) | undefined;
}

/** Looks for a board whose console is at a raised rate and brings it back to the port's; undefined where there is none. */
export async function rescueConsole(
  port: Port,
  { signal, onNote }: RescueOptions,
): Promise<RawRepl | undefined> {
  const usual = port.baudRate;
  try {
    for (const rate of raisedRates.filter((each) => each > usual)) {
      await port.setBaudRate(rate);
      const repl = (await answers(port, signal)) ? await enter(port, signal) : undefined;
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

/** Whether somebody answers at this rate, in bytes that a console at another one would not make. */
async function answers(port: Port, signal: AbortSignal | undefined): Promise<boolean> {
  const reader = new ByteReader(port);
  try {
    await port.write(knock);
    await cameInTime(reader.skipUntil(rawBanner, { timeoutMs: lifeSignMs, signal }));
    const heard = reader.tail.subarray(-lookedAtBytes);
    if (heard.some(isAck)) await stopReceiver(port, reader, signal);
    return heard.length > 0 && heard.every(isUsual);
  } finally {
    reader.dispose();
  }
}

/** Tells a receiver that was cut off that nothing more will come, once it listens for the beginning of a block. */
async function stopReceiver(port: Port, reader: ByteReader, signal: AbortSignal | undefined): Promise<void> {
  await cameInTime(reader.skipUntil(Uint8Array.of(receiverReadySign), { timeoutMs: receiverAsksMs, signal }));
  await port.write(stopBlock(0).bytes);
}

/** What MicroPython prints, and what our receiver says. */
function isUsual(byte: number): boolean {
  return (byte > 0 && byte < 0x7f) || isAck(byte);
}

async function enter(port: Port, signal: AbortSignal | undefined): Promise<RawRepl | undefined> {
  return RawRepl.enter(port, { timeoutMs: givesUpMs, afterTrouble: true, signal }).catch((error: unknown) => {
    if (!isUpywError(error, 'rawrepl/no-prompt')) throw error;
    return undefined;
  });
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
