import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { type RunOptions, runCode } from './run-code.js';
import { readProgramInput } from './program-text.js';

/** `upyw exec CODE`: runs a line or more of Python; `-` reads them from stdin. */
export async function exec(context: Context, code: string, options: RunOptions): Promise<void> {
  if (/^[\w./\\-]+\.(?:py|mpy)$/.test(code)) {
    throw new UpywError('usage/arguments', {
      problem: `${code} is the name of a file, and exec runs code`,
      command: 'upyw exec',
      instead: `Use: upyw run ${code}`,
    });
  }
  const { stdin, signal } = context.world;
  const takesInput = code !== '-';
  await runCode(
    context,
    { code: takesInput ? code : await readProgramInput(stdin, signal), takesInput },
    options,
  );
}
