import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Workplace } from '../virtual-board.js';

/** A public report of a fault in another tool: the situation that it tells of, met by upyw on a virtual board without files. */
export interface Report {
  /** `owner/repository#number` on GitHub. */
  readonly number: string;
  readonly situation: string;
  readonly check: (here: Workplace) => Promise<void>;
}

/** Puts a file into the folder in which the commands run. */
export async function local(here: Workplace, name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(here.path(name)), { recursive: true });
  await writeFile(here.path(name), content);
}

/** All byte values, in an order that no compression makes shorter; the same each time. */
export function anyBytes(sizeBytes: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: sizeBytes }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}
