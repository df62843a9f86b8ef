import { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import type { Board } from '../../board/board.js';
import { readLocalFile } from '../../local/local-files.js';
import { helperCode } from '../../board/helpers/helper-code.js';
import { UpywError, isUpywError } from '../../errors.js';
import { checkBytecode, formatOf } from '../../mpy/bytecode.js';
import type { CodeToRun } from './run-code.js';

/** What tracebacks call the code around it, which is not the user's. */
const ownName = '<upyw>';
const formatExpression = "getattr(__import__('sys').implementation, '_mpy', 0)";

/** Throws `file/…`; once there is a board, `mpy/…`. */
export async function readBytecodeProgram(path: string, named: string): Promise<CodeToRun> {
  const bytes = await readLocalFile(path);
  const text = Buffer.from(bytes).toString('latin1');
  // No module of that name is built in.
  const name = `${basename(path, '.mpy').replace(/\W/g, '_')}__mpy`;
  const call = `_upyw('${Buffer.from(bytes).toString('base64')}', '${name}')`;
  return {
    code: `${await helperCode('run_mpy')}${call}\n`,
    name: ownName,
    takesInput: true,
    asks: /\b(?:input|stdin)\b/.test(text),
    before: async (board: Board) => {
      checkBytecode(named, bytes, formatOf(Number(await board.evaluate(formatExpression))));
    },
  };
}

/** An exception with the lines of its traceback that are the program's. */
export function withoutOwnFrames(error: unknown): unknown {
  if (!isUpywError(error, 'run/exception')) return error;
  const traceback = error.details.traceback.replace(/^ {2}File "<upyw>", line \d+, in .*\n/gm, '');
  return new UpywError('run/exception', { ...error.details, traceback }, { cause: error });
}
