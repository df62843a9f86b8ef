import { isUtf8 } from 'node:buffer';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearest } from '../../config/nearest.js';
import { encodingMistake } from '../../config/text-files.js';
import { UpywError, isUpywError } from '../../errors.js';
import type { Input } from '../../world.js';
import { readLocalFile, readToEnd } from '../../local/local-files.js';
import { readStdin } from '../../local/stdin-text.js';

/** A program in a file of this computer. Throws `file/…`. */
export async function readProgramFile(path: string): Promise<string> {
  const bytes = await readLocalFile(path).catch((error: unknown) => {
    throw isUpywError(error, 'file/not-found') ? withMeaning(error, path) : error;
  });
  return programText(path, bytes);
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

/** What is not there may be misspelt, or be code. */
function withMeaning({ details }: UpywError<'file/not-found'>, path: string): UpywError {
  const perhapsCode = /[()=;]|^print\b/.test(basename(path));
  const near = perhapsCode ? undefined : nearFile(path);
  return new UpywError('file/not-found', {
    ...details,
    ...(perhapsCode ? { perhapsCode } : {}),
    ...(near === undefined ? {} : { near }),
  });
}

function nearFile(path: string): string | undefined {
  try {
    const programs = readdirSync(dirname(path)).filter((name) => name.endsWith('.py'));
    return programs.find((name) => name === `${basename(path)}.py`) ?? nearest(basename(path), programs);
  } catch {
    return undefined;
  }
}
