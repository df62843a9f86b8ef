import { randomBytes } from 'node:crypto';
import { type TestContext, expect } from 'vitest';
import { openPort } from 'upyw';
import { Board } from '../../src/board/board.js';
import { MeddledPort } from './meddled-port.js';

const registers = '__import__("machine").mem32[0x3ff40014], __import__("machine").mem32[0x3ff40020]';
export const content = new Uint8Array(randomBytes(20_000));

let count = 0;

/** A board on a line of its own, with the rates it had before. */
export async function connect(
  { onTestFinished }: TestContext,
  options = 'unpaced',
  changes: ConstructorParameters<typeof MeddledPort>[1] = {},
) {
  count += 1;
  const port = new MeddledPort(await openPort(`sim:speed${count}?${options}`), changes);
  onTestFinished(() => port.close());
  const notes: string[] = [];
  const onNote = (text: string, level?: string) => void notes.push(`${level ?? ''}${text}`);
  const board = await Board.connect(port, { turbo: true, onNote });
  // On a busy machine a virtual board takes so long to start that it is looked for at other rates.
  port.rates.length = 0;
  const before = await board.evaluate(registers);
  const isAsBefore = async (): Promise<void> => {
    expect(port.baudRate).toBe(115_200);
    expect(await board.evaluate(registers)).toBe(before);
  };
  const read = (path: string) => board.read(path, { totalBytes: content.length });
  return { port, board, notes, onNote, isAsBefore, read };
}
