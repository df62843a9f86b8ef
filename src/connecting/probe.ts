import { macFrom } from '../config/boards/mac.js';
import type { Context } from '../context.js';
import { UpywError, isOfFamily } from '../errors.js';
import { ByteReader } from '../transport/byte-reader.js';
import type { Port } from '../transport/port.js';

/** What was found on a port: `text` says it in words. */
export interface ProbeAnswer {
  readonly kind: 'micropython' | 'loader' | 'nothing' | 'unavailable';
  readonly text: string;
  readonly version?: string;
  readonly machine?: string;
  readonly mac?: string;
  /** Why the port could not be asked: an error code such as `port/busy`. */
  readonly code?: string;
}

const micropythonMs = 2000;
const loaderMs = 300;

/**
 * The ROM loader's SYNC command in its SLIP frame, and how its answer begins (Espressif, "Serial Protocol": direction 0 or 1,
 * command 0x08). MicroPython would take it for typing, so it is asked first.
 */
const syncRequest = Uint8Array.of(
  0xc0,
  0,
  8,
  36,
  0,
  0,
  0,
  0,
  0,
  7,
  7,
  0x12,
  0x20,
  ...Array<number>(32).fill(0x55),
  0xc0,
);
const syncAnswer = Uint8Array.of(0xc0, 1, 8);

/** Opens a port and asks who is there, without a reset. A program that runs there is interrupted. Throws only `run/interrupted`. */
export async function probe(context: Context, path: string): Promise<ProbeAnswer> {
  const { world, loadSettings } = context;
  const { signal, openers } = world;
  const { values } = await loadSettings();
  try {
    const open = path.startsWith('sim:') ? openers.sim : openers.serial;
    const port = await open(path, { baudRate: values.baud, signal });
    try {
      return (await askMicroPython(port, signal)) ?? (await askLoader(port, signal));
    } finally {
      await port.close();
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof UpywError)) throw error;
    return { kind: 'unavailable', text: error.message, code: error.code as string };
  }
}

async function askMicroPython(port: Port, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
  const { Board } = await import('../board/board.js');
  try {
    const board = await Board.connect(port, { timeoutMs: micropythonMs, signal });
    const { version, machine, uniqueId } = await board.info().finally(() => board.disconnect());
    const mac = macFrom(uniqueId ?? '');
    const text = `MicroPython ${version}, ${machine}`;
    return { kind: 'micropython', text, version, machine, ...(mac === undefined ? {} : { mac }) };
  } catch (error) {
    if (isOfFamily(error, 'rawrepl')) return undefined;
    throw error;
  }
}

async function askLoader(port: Port, signal: AbortSignal): Promise<ProbeAnswer> {
  const reader = new ByteReader(port);
  try {
    await port.write(syncRequest);
    await reader.readUntil(syncAnswer, { timeoutMs: loaderMs, signal });
    return { kind: 'loader', text: 'ROM loader, waiting for firmware' };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'nothing', text: 'no answer' };
  } finally {
    reader.dispose();
  }
}
