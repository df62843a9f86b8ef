import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { UpywError } from '../../errors.js';
import { makeFolders } from '../../local/make-folders.js';
import { openFlashFile } from '../chip/flash-file.js';
import { convertOldFiles, findOldFiles } from '../chip/old-files.js';
import { programNewBoard } from '../chip/stand-in.js';
import type { Flash } from '../guest.js';

const flashName = 'flash.bin';

/** The file that holds the board's flash. */
export function flashPath(folder: string): string {
  return join(folder, flashName);
}

/** Makes the board's folder if need be. @throws UpywError `sim/state` */
export function makeBoardFolder(folder: string): void {
  attempt(folder, () => {
    makeFolders(folder, 0o700);
  });
}

/** Opens the board's flash; a board that is not there yet is made, with MicroPython on it. @throws UpywError `sim/state` */
export function openBoardFlash(folder: string): Flash {
  const path = flashPath(folder);
  if (!existsSync(path)) makeFlash(folder, 'micropython');
  const flash = openFlashFile(path);
  const oldFiles = findOldFiles(flash);
  if (oldFiles === undefined) return flash;
  flash.close();
  makeAnew(folder, (unfinished) => {
    attempt(folder, () => {
      copyFileSync(path, unfinished);
    });
    const next = openFlashFile(unfinished);
    convertOldFiles(next, oldFiles);
    next.close();
  });
  return openFlashFile(path);
}

/** Puts a new flash in place of the old one in one step: with MicroPython and no files, or erased. @throws UpywError `sim/state` */
export function makeFlash(folder: string, content: 'micropython' | 'blank'): void {
  makeAnew(folder, (unfinished) => {
    const flash = openFlashFile(unfinished);
    if (content === 'micropython') programNewBoard(flash);
    flash.close();
  });
}

/** Makes another file beside the flash, and puts it in its place. */
function makeAnew(folder: string, make: (unfinished: string) => void): void {
  const unfinished = join(folder, `${flashName}.${process.pid}`);
  make(unfinished);
  attempt(folder, () => {
    renameSync(unfinished, flashPath(folder));
  });
}

function attempt(path: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UpywError('sim/state', { path, reason }, { cause: error });
  }
}
