import { spawn } from '@lydell/node-pty';
import { lookForSecrets } from './secrets.js';
import { cleanEnv, executable } from './upyw.js';

/** `upyw` in a pseudo-terminal of its own, as a person sees it. */
export interface TerminalSession {
  /** Types. */
  write(text: string): void;
  /** Waits until the screen has shown this after the last thing that was waited for; returns what came up to there. */
  see(what: string | RegExp): Promise<string>;
  /** Everything shown so far. */
  readonly shown: string;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number>;
  kill(): void;
}

const patienceMs = 15_000;

/** Starts it. */
export function openTerminal(
  home: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: Readonly<Record<string, string>>;
    hasWidth?: boolean;
    errorFile?: string;
    /** A command of the shell that starts it. */
    prefix?: string;
  } = {},
): TerminalSession {
  const command = [process.execPath, executable, ...args];
  const { hasWidth = true, errorFile, prefix = 'exec' } = options;
  const shell = `${hasWidth ? '' : 'stty columns 0; '}${prefix} "$@"${errorFile === undefined ? '' : ` 2> ${errorFile}`}`;
  const [file = '', ...rest] =
    hasWidth && errorFile === undefined ? command : ['sh', '-c', shell, 'sh', ...command];
  const pty = spawn(file, rest, {
    cwd: options.cwd ?? home,
    env: cleanEnv(home, { TERM: 'xterm', ...options.env }),
    cols: 100,
    rows: 30,
  });
  let shown = '';
  let seen = 0;
  let look: () => void = () => undefined;
  pty.onData((text) => {
    shown += text;
    look();
  });
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      look();
      lookForSecrets({ args, env: options.env ?? {}, stdout: shown });
      resolve(exitCode);
    });
  });
  const see = (what: string | RegExp) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new Error(
            `waited in vain for ${String(what)}; on the screen: ${JSON.stringify(shown.slice(seen))}`,
          ),
        );
      }, patienceMs);
      look = () => {
        const rest = shown.slice(seen);
        const match = typeof what === 'string' ? rest.indexOf(what) : rest.search(what);
        if (match === -1) return;
        const length = typeof what === 'string' ? what.length : (what.exec(rest)?.[0].length ?? 0);
        clearTimeout(timer);
        look = () => undefined;
        seen += match + length;
        resolve(rest.slice(0, match + length));
      };
      look();
    });
  return {
    write: (text) => {
      pty.write(text);
    },
    see,
    get shown() {
      return shown;
    },
    ended,
    kill: () => {
      pty.kill();
    },
  };
}
