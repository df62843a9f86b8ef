import { spawn } from '@lydell/node-pty';
import { type Told, lookForSecrets } from './secrets.js';
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

const usualPatienceMs = 15_000;

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
  const isPlain = hasWidth && errorFile === undefined;
  return watchTerminal(isPlain ? command : ['sh', '-c', shell, 'sh', ...command], {
    cwd: options.cwd ?? home,
    env: cleanEnv(home, { TERM: 'xterm', ...options.env }),
    told: { args, env: options.env ?? {} },
  });
}

/** Any command in a pseudo-terminal, of which no secret may be seen that `told` has. */
export function watchTerminal(
  [file = '', ...args]: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly told: Told;
    /** Makes of what came what is looked at. */
    readonly plain?: (shown: string) => string;
    readonly patienceMs?: number;
  },
): TerminalSession {
  const { cwd, env, told, plain = (shown: string) => shown, patienceMs = usualPatienceMs } = options;
  const pty = spawn(file, [...args], { cwd, env, cols: 100, rows: 30 });
  let raw = '';
  let seen = 0;
  let look: () => void = () => undefined;
  pty.onData((text) => {
    raw += text;
    look();
  });
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      look();
      lookForSecrets({ ...told, stdout: raw });
      resolve(exitCode);
    });
  });
  const see = (what: string | RegExp) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        const screen = JSON.stringify(plain(raw).slice(seen));
        reject(new Error(`waited in vain for ${String(what)}; on the screen: ${screen}`));
      }, patienceMs);
      look = () => {
        const rest = plain(raw).slice(seen);
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
      return plain(raw);
    },
    ended,
    kill: () => {
      pty.kill();
    },
  };
}
