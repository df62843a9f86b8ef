import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { lookForSecrets } from './secrets.js';

/** The executable as it is installed. */
export const executable = fileURLToPath(new URL('../../bin/upyw.js', import.meta.url));

/** What a test may say about a run. */
export interface UpywOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** The environment of the tests: no config, port or colour of the developer's gets in. */
export function cleanEnv(home: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', SystemRoot, TEMP } = process.env;
  const system = {
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(TEMP === undefined ? {} : { TEMP }),
  };
  return { PATH, ...system, HOME: home, USERPROFILE: home, APPDATA: home, ...env };
}

/** Runs `upyw` as a real process, without a terminal. Never throws: the result has `exitCode`, `stdout`, `stderr`. */
export function startUpyw(home: string, args: readonly string[], options: UpywOptions = {}) {
  const { cwd = home, env, input } = options;
  const running = execa(process.execPath, [executable, ...args], {
    reject: false,
    extendEnv: false,
    env: cleanEnv(home, env),
    cwd,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  void running.then(({ stdout, stderr }) => {
    lookForSecrets({ args, env: env ?? {}, stdout: stdout, stderr: stderr });
  });
  return running;
}
