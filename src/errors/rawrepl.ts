import { kind } from './define.js';
import { revive } from './native-usb.js';

/** Of MicroPython's UART, unless its firmware was built otherwise. */
const consoleBaud = 115200;

type RestartCause = 'brownout' | 'panic' | 'watchdog' | 'deep sleep' | 'power' | 'software';

const saveFirst = 'upyw backup board.bin saves all that is on it first';

/** What is usually behind each, and what helps. */
const restartReasons: Readonly<Record<RestartCause, { readonly why: string; readonly remedy: string }>> = {
  brownout: {
    why: 'its supply voltage drops',
    remedy:
      'Take a short USB cable and a port of the computer itself, without a hub; unplug what else the board feeds (motors, LED strips)',
  },
  power: {
    why: 'its power goes, or something pulls EN',
    remedy: 'Look at the cable and its plugs; unplug what is connected to EN and to 3V3',
  },
  panic: {
    why: 'its firmware crashes',
    remedy: `Usually the firmware is for another chip, another memory (SPIRAM), or is damaged: upyw chip tells what is there; ${saveFirst}, then write the right one: upyw flash`,
  },
  watchdog: {
    why: 'its watchdog bites',
    remedy: `Usually a program has a watchdog (WDT) and does not feed it, or the firmware is damaged; ${saveFirst}, then: upyw flash`,
  },
  'deep sleep': {
    why: 'a program sends it to deep sleep',
    remedy: 'Run the command without --no-reset: it interrupts the program as it starts',
  },
  software: {
    why: 'its firmware or its program restarts it',
    remedy: `Usually boot.py or main.py calls machine.reset(), or the firmware does not fit the chip; ${saveFirst}`,
  },
};

export interface NoPrompt {
  readonly port: string;
  readonly waitedMs: number;
  readonly lastBytes: string;
  readonly baudRate?: number;
  /** Something legible was heard; the chip was heard to start. */
  readonly heardText?: boolean;
  readonly heardStart?: boolean;
  /** The port could reset the board; it did, and that did not help. */
  readonly hasLines?: boolean;
  readonly wasReset?: boolean;
  readonly nativeUsb?: boolean;
}

const tapNow = 'Tap EN (RST) while upyw waits: it interrupts the program as it starts';
const saveFiles =
  'upyw backup board.bin saves all that is on the board, its files too; they are read out of that by: upyw -p image:board.bin get -r : FOLDER';

const notEvenItsStart = `It was reset, and not even its start was heard. Is it the right port (upyw list), has the board power, does the cable carry data? ${tapNow}. upyw doctor tells what is wrong`;

function noPromptHint({ lastBytes, baudRate = consoleBaud, nativeUsb = false, ...heard }: NoPrompt): string {
  const { heardText = false, heardStart = false, hasLines = false, wasReset = false } = heard;
  const isGarbled = lastBytes !== '' && looksGarbled(lastBytes);
  if (baudRate !== consoleBaud && (lastBytes === '' || isGarbled)) {
    return `MicroPython's console uses ${consoleBaud} baud, and this was ${baudRate}: leave -b away (upyw config shows where else it is set)`;
  }
  if (isGarbled && !heardText) {
    return `What it sent cannot be read: the baud rate may be wrong (MicroPython uses -b ${consoleBaud}), or the cable is bad`;
  }
  if (wasReset && !heardStart && lastBytes === '' && !nativeUsb) return notEvenItsStart;
  if (wasReset || heardStart) return `A program runs there that cannot be interrupted. ${saveFiles}`;
  if (lastBytes !== '') {
    return `A program may run there that is hard to interrupt. ${tapNow}; or give it longer: --timeout 30. ${saveFiles}`;
  }
  if (nativeUsb)
    return `${revive}; then repeat the command. Else a program may run there that cannot be interrupted, or sleep`;
  const orReset = hasLines ? ', or leave --no-reset away' : '';
  return `A program may run there that cannot be interrupted, or sleep. ${tapNow}${orReset}. Is it the right port (upyw list)? A chip without MicroPython may say nothing either: upyw doctor tells what is wrong`;
}

/** Talking to MicroPython's raw REPL. */
export const rawReplErrors = {
  'rawrepl/endless': kind<{ maxBytes?: number; longestMs?: number }>({
    exitCode: 3,
    message: ({ maxBytes = 0, longestMs }) =>
      `the board does not stop sending: after ${
        longestMs === undefined ? `${Math.round(maxBytes / 1e6)} MB` : `${Math.round(longestMs / 1000)} s`
      } of an answer upyw has given up`,
    hint: () =>
      'Restart the board (upyw reset) and repeat the command; a program that prints all the time may be in the way',
  }),
  'rawrepl/no-prompt': kind<NoPrompt>({
    exitCode: 3,
    message: ({ port, waitedMs, lastBytes }) =>
      lastBytes === ''
        ? `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent nothing`
        : `MicroPython did not answer on ${port} within ${waitedMs / 1000} s; the board sent last: ${lastBytes}`,
    hint: noPromptHint,
  }),
  'rawrepl/no-micropython': kind<{ port: string; said: string; inLoader: boolean }>({
    exitCode: 3,
    message: ({ port, said, inLoader }) =>
      inLoader
        ? `the chip on ${port} waits for a loader and has not started MicroPython; it says: ${said}`
        : `there is no MicroPython that could start on ${port}; the chip says: ${said}`,
    hint: ({ inLoader }) =>
      inLoader
        ? 'Let go of BOOT (IO0 must not be held low), tap EN (RST) and try again; upyw doctor tests the lines'
        : 'Write MicroPython to it: upyw flash',
  }),
  'rawrepl/restarts': kind<{ port: string; starts: number; cause: RestartCause; said: string }>({
    exitCode: 3,
    message: ({ port, starts, cause, said }) =>
      `the board on ${port} restarts again and again (${starts} times so far): ${restartReasons[cause].why}; the chip says: ${said}`,
    hint: ({ cause }) => restartReasons[cause].remedy,
  }),
  'rawrepl/protocol': kind<{ port: string; expected: string; lastBytes: string }>({
    exitCode: 3,
    retryable: true,
    message: ({ port, expected, lastBytes }) =>
      `unexpected answer from ${port}: waited for ${expected}, the board sent: ${lastBytes}`,
    hint: () =>
      'Repeat the command. If it happens again, upyw doctor --speed tests the cable; --trace FILE records what passes',
  }),
};

/** Whether most of what came is neither text nor anything else that MicroPython prints. */
function looksGarbled(quotedBytes: string): boolean {
  const strange = quotedBytes.match(/\\x[0-9a-f]{2}|\ufffd/g)?.length ?? 0;
  const all = quotedBytes.replace(/\\x[0-9a-f]{2}/g, '.').length;
  return strange > all / 3;
}
