import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { Board } from '../board/board.js';
import { openChosenPort, withPort } from '../connecting/open-board.js';
import type { Context } from '../context.js';
import { connectLoader } from '../loader/connect-loader.js';
import { readFlash } from '../loader/read-flash.js';
import type { Port } from '../transport/port.js';
import { attempt, green } from './board.js';
import { type Finding, findingOf } from './finding.js';

/** Adapters go up to 2 MBaud or more; what does not work is stepped down from. */
const highestBaudRate = 2_000_000;
const readBytes = 0x10000;
const writtenBytes = 24_000;
const testFile = '/.upyw-speed';
const connectMs = 5000;

/** How fast this cable and this adapter are: from the chip's flash by the loader, then both ways by MicroPython's console, each checked. */
export async function measureSpeed(context: Context): Promise<Finding[]> {
  const open = await attempt(context, () => openChosenPort(context));
  if (open.failure !== undefined) return [findingOf(open.failure)];
  const port = open.result;
  return withPort(
    context,
    async () => [...(await byLoader(context, port)), ...(await byConsole(context, port))],
    () => Promise.resolve(port),
  );
}

async function byLoader(context: Context, port: Port): Promise<Finding[]> {
  if (!context.flags.mayReset || !port.capabilities.lines) return [];
  const { signal, now } = context.world;
  const { result, failure } = await attempt(context, async () => {
    const loader = await connectLoader(port, { baudRate: highestBaudRate, signal });
    try {
      const startMs = now();
      const damaged: number[] = [];
      const whole = await readFlash(loader, { offset: 0, sizeBytes: readBytes }, (_bytes, offset, intact) => {
        if (!intact) damaged.push(offset);
      });
      return { baudRate: port.baudRate, isRight: whole && damaged.length === 0, tookMs: now() - startMs };
    } finally {
      await loader.leave().catch(() => undefined);
    }
  });
  if (failure !== undefined) return [findingOf(failure)];
  const { baudRate, isRight, tookMs } = result;
  const text = `from the chip's flash: ${rate(readBytes, tookMs)} at ${baudRate} baud`;
  if (isRight) return [green('speed/loader', text)];
  const next = `Flash slower: upyw flash -b ${Math.floor(baudRate / 2)}; a shorter cable, no hub`;
  return [{ id: 'speed/loader', level: 'yellow', text: `${text}, and not all of it arrived right`, next }];
}

async function byConsole(context: Context, port: Port): Promise<Finding[]> {
  const { signal } = context.world;
  const { result, failure } = await attempt(context, async () => {
    const board = await Board.connect(port, { timeoutMs: connectMs, signal, turbo: true });
    try {
      return await bothWays(context, board);
    } finally {
      await board.remove(testFile).catch(() => undefined);
      await board.disconnect().catch(() => undefined);
    }
  });
  if (failure !== undefined) return [findingOf(failure)];
  const { there, back, isRight } = result;
  const text = `files: to the board ${shown(there)}, back ${shown(back)}`;
  if (isRight) return [green('speed/files', text)];
  const next = 'Take a shorter cable, and no hub; --no-turbo is slower and safer';
  return [{ id: 'speed/files', level: 'red', text: `${text}, and it came back changed`, next }];
}

interface Transfer {
  readonly tookMs: number;
  /** At how many bits per second it went. */
  readonly baudRate: number | undefined;
}

async function bothWays({ world }: Context, board: Board) {
  const { signal, now } = world;
  const content = new Uint8Array(randomBytes(writtenBytes));
  const timed = async <Result>(work: () => Promise<Result>): Promise<[Result, Transfer]> => {
    const startMs = now();
    const result = await work();
    return [result, { tookMs: now() - startMs, baudRate: board.transferBaudRate }];
  };
  const [, there] = await timed(() => board.write(testFile, content, { signal }));
  const [read, back] = await timed(() => board.read(testFile, { signal }));
  return { there, back, isRight: Buffer.compare(read, content) === 0 };
}

function shown({ tookMs, baudRate }: Transfer): string {
  const at = baudRate === undefined ? '' : ` at ${baudRate} baud`;
  return `${rate(writtenBytes, tookMs)}${at}`;
}

function rate(bytes: number, tookMs: number): string {
  return `${(bytes / tookMs).toFixed(1)} kB/s`;
}
