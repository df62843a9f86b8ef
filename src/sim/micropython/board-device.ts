import { Buffer } from 'node:buffer';
import type { ResetReason } from '../guest.js';
import type { FsStreamOps } from './wasm/emscripten.js';
import type { UartRegisters } from './clock/uart-clock.js';

/** What the board's own Python modules (device/sim) may ask of the machine under them. Every call answers with JSON. */
export interface BoardCalls {
  /** Never comes back: the chip resets. */
  reset(reason: ResetReason, afterMs: number): never;
  /** The UART's clock divider and configuration registers were written. */
  setUart(divider: number, configuration: number): void;
  resetReason(): ResetReason;
  /** Whether this VM came up by a soft reset. */
  wasSoftReset(): boolean;
  /** The UART's clock divider and configuration registers. */
  uart(): UartRegisters;
  readonly mac: readonly number[];
  /** The earliest of the program's timers is due in so many milliseconds; undefined: there is none. */
  setTimer(dueInMs: number | undefined): void;
  /** Seconds between this computer's clock and the board's. */
  clockOffsetS(): number;
  setClockOffsetS(offsetS: number): void;
  /** What the board's devices answer to, by name. */
  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>>;
}

type Call = readonly [name: string, ...args: unknown[]];

/**
 * `/dev/board`: Python writes a call as a JSON array and reads the answer as JSON.
 * A device file because that is the one way into the VM that needs none of its JavaScript bridge.
 */
export function boardDevice(calls: BoardCalls): FsStreamOps {
  let answer = new Uint8Array(0);
  return {
    open: (stream) => {
      stream.seekable = false;
    },
    write: (_stream, buffer, offset, length) => {
      const text = new TextDecoder().decode(
        new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length),
      );
      answer = new TextEncoder().encode(JSON.stringify(perform(calls, JSON.parse(text) as Call) ?? null));
      return length;
    },
    read: (_stream, buffer, offset, length) => {
      const size = Math.min(length, answer.length);
      buffer.set(answer.subarray(0, size), offset);
      answer = answer.slice(size);
      return size;
    },
  };
}

function perform(calls: BoardCalls, [name, ...args]: Call): unknown {
  const [first, second] = args;
  switch (name) {
    case 'reset':
      return calls.reset(first as ResetReason, Number(second));
    case 'reset_reason':
      return calls.resetReason();
    case 'uart':
      return [calls.uart().divider, calls.uart().configuration];
    case 'set_uart':
      calls.setUart(Number(first), Number(second));
      return null;
    case 'mac':
      return calls.mac;
    case 'was_soft_reset':
      return calls.wasSoftReset();
    case 'timer':
      calls.setTimer(Number(first) < 0 ? undefined : Number(first));
      return null;
    case 'clock_offset':
      return calls.clockOffsetS();
    case 'set_clock_offset':
      calls.setClockOffsetS(Number(first));
      return null;
    case 'now_ms':
      return Date.now();
    case 'digest':
      return process
        .getBuiltinModule('node:crypto')
        .createHash(String(first))
        .update(String(second), 'hex')
        .digest('hex');
    case 'aes':
      return aes(String(first), String(second), args[2] === true, String(args[3]));
    default: {
      const answer = calls.devices[name];
      if (answer === undefined) throw new Error(`the board has no call ${name}`);
      return answer(...args);
    }
  }
}

/** AES with a key of 16 or 32 bytes, as ECB, or as CBC where there is an IV. All bytes are in hexadecimal. */
function aes(key: string, iv: string, encrypts: boolean, data: string): string {
  const crypto = process.getBuiltinModule('node:crypto');
  const [keyBytes, ivBytes] = [Buffer.from(key, 'hex'), Buffer.from(iv, 'hex')];
  const name = `aes-${keyBytes.length * 8}-${iv === '' ? 'ecb' : 'cbc'}`;
  const cipher = encrypts
    ? crypto.createCipheriv(name, keyBytes, ivBytes)
    : crypto.createDecipheriv(name, keyBytes, ivBytes);
  cipher.setAutoPadding(false);
  return cipher.update(data, 'hex', 'hex') + cipher.final('hex');
}
