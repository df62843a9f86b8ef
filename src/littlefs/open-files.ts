import type { OpenFile } from './open-file.js';
import { namesIn } from './tree.js';

/** The files of a file system that are open, by their names as these are now. */
export class OpenFiles {
  readonly #files = new Set<OpenFile>();

  add(file: OpenFile): void {
    this.#files.add(file);
  }

  delete(file: OpenFile): void {
    this.#files.delete(file);
  }

  /** What is open follows a folder's new name; under its own it is lost, as it is where it was removed. */
  move(from: string, to?: string): void {
    const [before, after] = [from, to ?? ''].map((path) => namesIn(path).join('/')) as [string, string];
    for (const file of this.#files) {
      if (file.path === before || (to !== undefined && file.path === after)) file.path = undefined;
      else if (file.path?.startsWith(`${before}/`) === true)
        file.path = after + file.path.slice(before.length);
    }
  }

  /** What they hold, though nothing on the disk leads to it yet. */
  *heldBlocks(): Generator<number> {
    for (const file of this.#files) yield* file.heldBlocks;
  }
}
