import { appendFile, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Shell, scripts } from '../../completion/scripts.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { localError } from '../../errors/local-error.js';
import { writeLocalFile } from '../../local/local-files.js';
import { makeFolders } from '../../local/make-folders.js';

export interface CompletionOptions {
  readonly install?: true;
}

/** `upyw completion SHELL`: prints what makes that shell complete upyw's words, or puts it in place. */
export async function completion(
  context: Context,
  named: string,
  { install }: CompletionOptions,
): Promise<void> {
  const shell = shellOf(named);
  const script = scripts[shell];
  if (install !== true) {
    context.reporter.result({ shell, script }, script);
    return;
  }
  const { file, startFile, line } = placeFor(shell, context.world.env);
  const undo = startFile === undefined ? `remove ${file}` : `remove ${file} and its line in ${startFile}`;
  if (!context.flags.dryRun) {
    await write(file, script);
    if (startFile !== undefined && line !== undefined) await addLine(startFile, line);
  }
  const steps =
    shell === 'powershell' ? `Then add this line to $PROFILE: . "${file}"` : 'New shells complete upyw';
  const where = `${context.flags.dryRun ? 'would write' : 'wrote'} ${[file, ...(startFile === undefined ? [] : [startFile])].join(' and ')}`;
  const value = { shell, file, ...(startFile === undefined ? {} : { startFile }), undo };
  context.reporter.result(
    { ...value, dryRun: context.flags.dryRun },
    `${where}. ${steps}. To undo it: ${undo}`,
  );
}

function shellOf(named: string): Shell {
  if (Object.hasOwn(scripts, named)) return named as Shell;
  const expected = `one of ${Object.keys(scripts).join(', ')}`;
  throw new UpywError('usage/bad-value', { name: 'shell', value: named, expected });
}

interface Place {
  readonly file: string;
  /** What the shell reads at its start, and the line that reads our file. */
  readonly startFile?: string;
  readonly line?: string;
}

function placeFor(shell: Shell, env: Context['world']['env']): Place {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const config = env['XDG_CONFIG_HOME'] || join(home, '.config');
  if (shell === 'fish') return { file: join(config, 'fish', 'completions', 'upyw.fish') };
  const data = join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'upyw');
  if (shell === 'powershell') return { file: join(env['APPDATA'] ?? data, 'upyw', 'completion.ps1') };
  const file = join(data, `completion.${shell}`);
  const startFile = shell === 'zsh' ? join(env['ZDOTDIR'] ?? home, '.zshrc') : join(home, '.bashrc');
  return { file, startFile, line: `[ -r '${file}' ] && . '${file}' # upyw completion` };
}

async function write(path: string, text: string): Promise<void> {
  makeFolders(dirname(path));
  await writeLocalFile(path, new TextEncoder().encode(text));
}

/** Once: what is there stays as it is. */
async function addLine(path: string, line: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  if (before.split('\n').includes(line)) return;
  try {
    await appendFile(path, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`);
  } catch (error) {
    throw localError(error, path);
  }
}
