import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { findOnPath } from './peers.js';
import { lookForSecrets } from './secrets.js';
import { type TerminalSession, watchTerminal } from './terminal.js';
import { executable } from './upyw.js';
import type { Ran } from './virtual-board.js';

/** As long as a Windows process may take to say something on a machine that has other work. */
const consolePatienceMs = 60_000;

/** How a command is started. */
export interface StartOptions {
  /** A folder of this machine. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stdin brings: a file, since there are no pipes. */
  readonly input?: string | Uint8Array;
}

/**
 * Windows as far as Wine has it, with a user, COM ports and settings of its own, so that two suites on one machine do not meet.
 * The system's files are those of `get-windows`.
 */
export class WindowsComputer {
  readonly #consoles: TerminalSession[] = [];

  private constructor(
    /** A folder of this machine for what the commands work on. */
    readonly folder: string,
    private readonly prefix: string,
    /** The command that starts Node.js for Windows. */
    private readonly node: readonly string[],
  ) {}

  static async open(): Promise<WindowsComputer> {
    const folder = await mkdtemp(join(tmpdir(), 'upyw-windows-'));
    const prefix = join(folder, '.wine');
    await makePrefix(prefix);
    const computer = new WindowsComputer(folder, prefix, []);
    const { stdout } = await computer.runNode(['-p', 'process.execPath']);
    return new WindowsComputer(folder, prefix, ['wine', stdout.trim()]);
  }

  async close(): Promise<void> {
    await this.closeConsoles();
    await execa('wineserver', ['-k'], { env: this.#env({}), extendEnv: false, reject: false });
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** What it is called there. */
  windowsPath(...names: string[]): string {
    return windowsPath(this.path(...names));
  }

  /** The user's own folder of drive C, as a folder of this machine. */
  async userFolder(): Promise<string> {
    const users = join(this.prefix, 'drive_c', 'users');
    const names = await readdir(users);
    return join(users, names.find((name) => name !== 'Public') ?? '');
  }

  /** Gives a COM port to a device of this machine, or takes it away. */
  async comPort(name: string, device?: string): Promise<void> {
    await execa('com-port', device === undefined ? [name] : [name, device], { env: this.#env({}) });
  }

  /** Runs `upyw`, without a terminal, to its end. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    const ran = await this.runNode([windowsPath(executable), ...args], options);
    lookForSecrets({ args, env: options.env ?? {}, ...ran });
    return ran;
  }

  /** Its stdout. @throws Error when it does not end with 0 */
  async ok(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode !== 0) throw new Error(`upyw ${args.join(' ')} ended with ${String(exitCode)}: ${stderr}`);
    return stdout;
  }

  /** The error that it reports. */
  async failure(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await this.run([...args, '--json']);
    return (JSON.parse(stdout) as { error: Record<string, unknown> }).error;
  }

  async runNode(args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    const { cwd = this.folder, env = {}, input } = options;
    const inputFile = input === undefined ? devNull : this.path('.stdin');
    if (input !== undefined) await writeFile(inputFile, input);
    // execa would bring it by a pipe.
    const command = ['-c', 'exec node-windows "$@" < "$0"', inputFile, ...args];
    const { exitCode, stdout, stderr } = await execa('sh', command, {
      cwd,
      env: this.#env(env),
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
    });
    return { ...(exitCode === undefined ? {} : { exitCode }), stdout, stderr };
  }

  /** `upyw` in a console; its escape sequences are left out, unless `raw` is said. */
  console(
    args: readonly string[],
    { env = {}, raw = false }: { env?: Readonly<Record<string, string>>; raw?: boolean } = {},
  ): TerminalSession {
    // Until Wine's console reads for the first time, the terminal would make a line feed of an Enter.
    const start = ['sh', '-c', 'stty -icrnl; exec "$@"', 'sh'];
    const session = watchTerminal([...start, ...this.node, windowsPath(executable), ...args], {
      cwd: this.folder,
      env: this.#env({ TERM: 'xterm', ...env }),
      told: { args, env },
      ...(raw ? {} : { plain: withoutEscapes }),
      patienceMs: consolePatienceMs,
    });
    this.#consoles.push(session);
    return session;
  }

  /** Ends what a test has left open. */
  async closeConsoles(): Promise<void> {
    for (const session of this.#consoles) session.kill();
    await Promise.all(this.#consoles.splice(0).map(({ ended }) => ended));
  }

  #env(env: Readonly<Record<string, string>>): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      // In which Wine finds the words of a command line, and names of files.
      LC_ALL: 'C.UTF-8',
      WINEPREFIX: this.prefix,
      WINEDEBUG: '-all',
      UPYW_SIM_DIR: this.windowsPath('.boards'),
      ...env,
    };
  }
}

/** A path of this machine as programs for Windows have it: drive Z is the root. */
function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/** Of what `get-windows` made, everything but the user's folder and the registry is shared: 2 MB instead of 700. */
async function makePrefix(prefix: string): Promise<void> {
  const installed = join(dirname(findOnPath('node-windows') ?? ''), '..', 'prefix');
  await mkdir(join(prefix, 'dosdevices'), { recursive: true });
  await mkdir(join(prefix, 'drive_c'));
  for (const name of await readdir(installed)) {
    if (/\.reg$|^\.update-timestamp$/.test(name)) await cp(join(installed, name), join(prefix, name));
  }
  await symlink('../drive_c', join(prefix, 'dosdevices', 'c:'));
  await symlink('/', join(prefix, 'dosdevices', 'z:'));
  for (const name of await readdir(join(installed, 'drive_c'))) {
    const [from, to] = [join(installed, 'drive_c', name), join(prefix, 'drive_c', name)];
    if (name === 'users') await cp(from, to, { recursive: true });
    else await symlink(from, to);
  }
}

/** Wine's console moves and hides the cursor around each piece, and wraps lines by itself. */
function withoutEscapes(shown: string): string {
  // eslint-disable-next-line no-control-regex -- that is what they begin with
  return shown.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '');
}
