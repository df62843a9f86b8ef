import { readFile } from 'node:fs/promises';
import { packageFile } from '../../package-file.js';
import { shrinkPython } from './shrink-python.js';

/** The programs in device/helpers/ that define `_upyw`. */
export const helpers = [
  'clock',
  'copy',
  'disks',
  'hash',
  'info',
  'inspect',
  'installed',
  'largest_block',
  'list',
  'make_folders',
  'memory',
  'move',
  'place',
  'receive',
  'receive_text',
  'remove',
  'remove_folder',
  'run',
  'run_mpy',
  'send',
  'send_paced',
  'send_text',
  'slow_down',
  'speed_up',
  'syntax',
  'touch',
] as const;

export type Helper = (typeof helpers)[number];

const folder = packageFile('device/helpers/');

/** Code that defines a helper's `_upyw`, as few bytes as is easily had. In the bundle it is there ready made: see `bundle.js`. */
export async function helperCode(name: Helper): Promise<string> {
  return shrinkPython(await load(name));
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
