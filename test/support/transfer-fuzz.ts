import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Board as BoardClass } from '../../src/board/board.js';
import type { FileToWrite } from '../../src/board/transfer/upload-content.js';
import { type Badness, NoisyLine, bad, seededRandom, worse, someContent, someFaults } from './noise.js';

type Board = Pick<BoardClass, keyof BoardClass>;

/** Another seed is as many other cases: UPYW_FUZZ_SEED=7. A case that fails tells its own. */
export const firstSeed = Number(process.env['UPYW_FUZZ_SEED'] ?? 1) * 1_000_000;

/** Where the faults on the way to the board are. */
interface Span {
  readonly fromByte: number;
  readonly countBytes: number;
}

/** Most of them are to meet the file, not the code before it. */
const transferSpan: Span = { fromByte: 3_300, countBytes: 4_000 };
const shortProgram: Span = { fromByte: 0, countBytes: 700 };

export interface FuzzedBoard {
  /** Anew for each case: what one bad line has taught it must not make the next case easier. */
  connect(): Promise<Board>;
  /** What becomes of the bytes on their way. */
  readonly port: {
    toBoard: (bytes: Uint8Array) => Uint8Array;
    fromBoard: (bytes: Uint8Array) => Uint8Array;
    close(): Promise<void>;
  };
}

/**
 * Writes over old files on a line as bad as this seed has it. Every file is then wholly old or wholly new, and all are new
 * where that was said. Then reads, lists and removes them, on a line that is bad too; what is said to be their content is, none is
 * missing, and only what was to go is gone.
 */
export async function fuzzTransfers(under: FuzzedBoard, seed: number): Promise<void> {
  try {
    await fuzz(under, seed);
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
}

async function fuzz(under: FuzzedBoard, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const badness = seed % 3 === 0 ? worse : bad;
  const badly = (work: () => Promise<unknown>, span?: Span) => onBadLine(under, random, badness, work, span);
  const board = await under.connect();
  const paths = ['a', 'b', 'c'].slice(0, 1 + Math.floor(random() * 3));
  const older = paths.map((path) => fileOf(path, someContent(random, 300)));
  const newer = paths.map((path) => fileOf(path, someContent(random, 6_000)));
  await board.writeFiles(older);
  const failed = await badly(() => board.writeFiles(newer));
  const found = (await board.hashFiles(paths)).map((hash) => hash?.sha256);
  for (const [index, hash] of found.entries()) {
    const whole = failed === undefined ? [newer[index]] : [older[index], newer[index]];
    expect(
      whole.map((file) => file?.sha256),
      `seed ${seed}, ${paths[index]}`,
    ).toContain(hash);
  }
  if (random() < 0.3) {
    const read: string[] = [];
    const onFile = (_: string, bytes: Uint8Array) => void read.push(sha256Of(bytes));
    await badly(() => board.readFiles(paths, onFile));
    expect(read, `seed ${seed}`).toEqual(found.slice(0, read.length));
  }
  if (random() < 0.3) {
    const there = (await board.list('')).map(({ path }) => path);
    let listed = there;
    await badly(async () => {
      listed = (await board.list('')).map(({ path }) => path);
    }, shortProgram);
    // A name may come garbled; none is missing.
    expect(listed, `seed ${seed}`).toHaveLength(there.length);
  }
  if (random() < 0.3) {
    const [path = '', ...others] = paths;
    const problem = await badly(() => board.removePaths([path]), shortProgram);
    const [gone, ...left] = (await board.hashFiles([path, ...others])).map((hash) => hash?.sha256);
    expect([undefined, found[0]], `seed ${seed}`).toContain(gone);
    if (problem === undefined) expect(gone, `seed ${seed}`).toBeUndefined();
    expect(left, `seed ${seed}`).toEqual(found.slice(1));
    await board.removePaths(gone === undefined ? [] : [path]);
  }
  await board.disconnect();
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function fileOf(path: string, content: Uint8Array): FileToWrite & { readonly sha256: string } {
  return { path, sizeBytes: content.length, load: () => Buffer.from(content), sha256: sha256Of(content) };
}

/** Returns the typed error that `work` ended with, if it did. */
async function onBadLine(
  { port }: FuzzedBoard,
  random: () => number,
  badness: Badness,
  work: () => Promise<unknown>,
  span: Span = transferSpan,
): Promise<unknown> {
  const quietBytes = random() < 0.9 ? span.fromByte : 0;
  const within = 100 + Math.floor(random() * span.countBytes);
  const up = new NoisyLine(random() < 0.8 ? someFaults(random, badness, within, quietBytes) : []);
  const down = new NoisyLine(random() < 0.5 ? someFaults(random, badness, 200) : []);
  port.toBoard = (bytes) => up.carry(bytes);
  port.fromBoard = (bytes) => down.carry(bytes);
  try {
    await work();
    return undefined;
  } catch (error) {
    expect((error as { code?: unknown }).code).toMatch(/^(board|port|rawrepl|run)\//);
    return error;
  } finally {
    port.toBoard = port.fromBoard = (bytes) => bytes;
  }
}
