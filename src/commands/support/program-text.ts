import { isUtf8 } from 'node:buffer';
import { encodingMistake } from '../../config/text-files.js';
import { UpywError } from '../../errors.js';
import type { Input } from '../../world.js';
import { readLocalFile, readToEnd } from './local-files.js';
import { readStdin } from './stdin-text.js';

/** A program in a file of this computer. Throws `file/…`. */
export async function readProgramFile(path: string): Promise<string> {
  return programText(path, await readLocalFile(path));
}

/** A program that comes on stdin. Throws `file/encoding`, `run/interrupted`. */
export async function readProgramInput(stdin: Input, signal: AbortSignal): Promise<string> {
  return programText('stdin', await readToEnd('stdin', readStdin(stdin, signal)));
}

/** MicroPython reads UTF-8 only; `>` in PowerShell 5 writes UTF-16. */
function programText(path: string, bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    const problem = encodingMistake(bytes) ?? 'it is not UTF-8 text: save it as UTF-8';
    throw new UpywError('file/encoding', { path, problem });
  }
  return new TextDecoder().decode(bytes);
}
