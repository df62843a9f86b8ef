import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Board as BoardClass } from '../../src/board/board.js';
import type { BoardEntry } from '../../src/board/folders.js';

/** As built or as in src/: the same methods. */
export type Board = Pick<BoardClass, keyof BoardClass>;

export async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ code: 'no error' }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 200));
}

/** What a program or a person has put on the board: MicroPython has put boot.py there. */
export function withoutBoot(entries: readonly BoardEntry[]): BoardEntry[] {
  return entries.filter(({ path }) => path !== 'boot.py' && path !== '/boot.py');
}

/** What is in a folder as the board itself sees it, temporary files too, but not the boot.py of a first start. */
export async function names(board: Board, folder = '/'): Promise<string[]> {
  const printed = await board.evaluate(`__import__('os').listdir('${folder}')`);
  const all = [...printed.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '');
  return all.filter((name) => name !== 'boot.py').sort();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const everyByte = Uint8Array.from({ length: 2048 }, (_, index) => index % 256);

/** Contents that have broken one tool or another. */
export const contents: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(),
  'one byte': Uint8Array.of(0x0a),
  'a window less one': randomBytes(31),
  'a window': randomBytes(32),
  'a window and one': randomBytes(33),
  'a buffer less one': randomBytes(4095),
  'a buffer': randomBytes(4096),
  'a buffer and one': randomBytes(4097),
  'every byte': everyByte,
  'only Ctrl-C': new Uint8Array(5000).fill(3),
  'only Ctrl-D': new Uint8Array(5000).fill(4),
  'line ends of all kinds': Buffer.from('a\r\nb\nc\rd\x00\x04>\r\n'.repeat(50)),
  random: randomBytes(50_000),
  'text of several sections': Buffer.from(
    Array.from({ length: 15_000 }, (_, index) => `line ${index}`).join('\n'),
  ),
};

/** All contents go there and come back. */
export async function roundTrip(board: Board): Promise<void> {
  for (const [name, bytes] of Object.entries(contents)) {
    const result = await board.write(`${name}.bin`, bytes);
    expect(result).toEqual({ path: `${name}.bin`, sizeBytes: bytes.length, sha256: sha256(bytes) });
    expect(Buffer.compare(await board.read(`${name}.bin`), bytes), name).toBe(0);
  }
  const expected = Object.keys(contents).map((name) => `${name}.bin`);
  expect(await names(board)).toEqual(expected.sort());
}

export type Connect = () => Promise<Board>;
