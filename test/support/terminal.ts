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
  const screen = new Screen(plain, patienceMs);
  pty.onData((text) => {
    screen.push(text);
  });
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      screen.push('');
      lookForSecrets({ ...told, stdout: screen.raw });
      resolve(exitCode);
    });
  });
  return {
    write: (text) => {
      pty.write(text);
    },
    see: (what) => screen.see(what),
    get shown() {
      return screen.shown;
    },
    ended,
    kill: () => {
      pty.kill();
    },
  };
}

/** What has come, and how much of it has been waited for. */
class Screen {
  raw = '';
  readonly #plain: (shown: string) => string;
  readonly #patienceMs: number;
  #seen = 0;
  #look: () => void = () => undefined;

  constructor(plain: (shown: string) => string, patienceMs: number) {
    this.#plain = plain;
    this.#patienceMs = patienceMs;
  }

  get shown(): string {
    return this.#plain(this.raw);
  }

  push(text: string): void {
    this.raw += text;
    this.#look();
  }

  see(what: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const unseen = JSON.stringify(this.shown.slice(this.#seen));
        reject(new Error(`waited in vain for ${String(what)}; on the screen: ${unseen}`));
      }, this.#patienceMs);
      this.#look = () => {
        const unseen = this.shown.slice(this.#seen);
        const end = endOf(what, unseen);
        if (end === undefined) return;
        clearTimeout(timer);
        this.#look = () => undefined;
        this.#seen += end;
        resolve(unseen.slice(0, end));
      };
      this.#look();
    });
  }
}

/** Where what is looked for ends in a text; undefined where it is not. */
function endOf(what: string | RegExp, text: string): number | undefined {
  const [found] = typeof what === 'string' ? [what] : (what.exec(text) ?? []);
  const at = found === undefined ? -1 : typeof what === 'string' ? text.indexOf(what) : text.search(what);
  return found === undefined || at === -1 ? undefined : at + found.length;
}
