import { readFile } from 'node:fs/promises';
import { exceptionTypeOf } from '../rawrepl/board-exception.js';
import type { PythonArgument } from '../rawrepl/python-literal.js';
import { pythonLiteral } from '../rawrepl/python-literal.js';
import { packageFile } from '../package-file.js';
import { shrinkPython } from './shrink-python.js';

/** The programs in device/helpers/ that define `_upyw`. */
export type Helper =
  | 'disks'
  | 'hash'
  | 'info'
  | 'inspect'
  | 'list'
  | 'make_folders'
  | 'receive'
  | 'receive_text'
  | 'remove'
  | 'remove_folder'
  | 'run'
  | 'send'
  | 'send_paced'
  | 'send_text'
  | 'slow_down'
  | 'speed_up'
  | 'syntax';

const folder = packageFile('device/helpers/');
const prepared = new Map<Helper, Promise<string>>();

/** Code that defines a helper's `_upyw`, as few bytes as is easily had. */
export function helperCode(name: Helper): Promise<string> {
  let code = prepared.get(name);
  if (code === undefined) {
    code = load(name).then(shrinkPython);
    prepared.set(name, code);
  }
  return code;
}

/** Checked code that calls a helper with these arguments and leaves nothing of it behind. */
export async function helperCall(name: Helper, ...args: PythonArgument[]): Promise<string> {
  const call = `_upyw(${args.map(pythonLiteral).join(',')})`;
  return checkedCode(`${await helperCode(name)}try:\n ${call}\nfinally:\n del _upyw\n`);
}

/** The largest prime of 32 bits. */
const modulus = 2 ** 32 - 5;

/**
 * Code that raises SyntaxError when bytes of it were lost, changed or swapped on their way to the board, and does nothing then. It
 * could do something else without a sign otherwise, such as remove another file. Needs no module, and no loop in Python: the code is
 * taken as one long number, of which the remainder is compared. Uses the name `_upyw`.
 */
export function checkedCode(code: string): string {
  const remainder = new TextEncoder().encode(code).reduce((sum, byte) => (sum * 256 + byte) % modulus, 0);
  const check = `int.from_bytes(_upyw.encode(),"big")%(2**32-5)!=${remainder}`;
  return `_upyw=r"""${code}"""\nif ${check}:raise SyntaxError\nexec(_upyw)\n`;
}

/** Whether the board found that our code had been garbled: nothing of it has run, so it may be sent again. */
export function wasGarbled(error: unknown): boolean {
  return /^(?:Syntax|Indentation)Error$/.test(exceptionTypeOf(error) ?? '');
}

/** Puts `name.py` in place of a line `# include name`, indented as that line is. */
async function load(name: string): Promise<string> {
  const source = await readFile(new URL(`${name}.py`, folder), 'utf8');
  const include = /^( *)# include (\w+)$/m.exec(source);
  if (include === null) return source;
  const [line, indent = '', included = ''] = include;
  const text = (await load(included)).trimEnd().replaceAll('\n', `\n${indent}`);
  return source.replace(line, () => indent + text);
}
