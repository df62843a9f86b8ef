import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ScriptedPort } from './scripted-port.js';

export interface MicroPythonOptions {
  readonly disk?: 'littlefs' | 'fat' | 'littlefs+sd';
  /** Of 4096 bytes. */
  readonly blocks?: number;
  readonly rawPaste?: boolean;
  /** Modules that this firmware was built without. */
  readonly lacking?: readonly string[];
}

const driver = fileURLToPath(new URL('raw-repl.py', import.meta.url));

/** A port with the real MicroPython VM of the unix port behind it, and a real littlefs or FAT on a RAM disk. */
export class MicroPythonPort extends ScriptedPort {
  /** Changes what is on its way to the board or back, as a bad line does; nothing returned: it is lost. */
  toBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  fromBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  readonly #child: ChildProcessWithoutNullStreams;
  #interruptible = false;
  #unplugged = false;

  /** A new board, or the one of another port. */
  constructor(board: MicroPythonOptions | ChildProcessWithoutNullStreams = {}) {
    super();
    this.#child = 'pid' in board ? board : start(board as MicroPythonOptions);
    this.#child.stdout.on('data', (bytes: Uint8Array) => {
      if (!this.#unplugged) this.say(Uint8Array.from(this.fromBoard(bytes)));
    });
    this.#child.stderr.on('data', (bytes: Uint8Array) => {
      for (const byte of bytes) this.#interruptible = byte === 'C'.charCodeAt(0);
    });
    this.onWrite = (bytes) => {
      let plain = this.toBoard(bytes);
      if (this.#interruptible && plain.includes(3)) {
        this.#child.kill('SIGINT');
        plain = plain.filter((byte) => byte !== 3);
      }
      if (!this.#unplugged) this.#child.stdin.write(plain);
    };
  }

  /** As if the program that uses this port were killed: nobody hears of it. The board goes on behind a new port. */
  replace(): MicroPythonPort {
    this.#unplugged = true;
    const port = new MicroPythonPort(this.#child);
    port.#interruptible = this.#interruptible;
    return port;
  }

  override async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await ended;
    }
    await super.close();
  }
}

function start({ disk = 'littlefs', blocks = 256, rawPaste = true, lacking = [] }: MicroPythonOptions) {
  const options = [disk, String(blocks), rawPaste ? 'yes' : 'no', lacking.join(',')];
  const child = spawn('micropython', ['-X', 'heapsize=8m', driver, ...options]);
  child.stdin.on('error', () => undefined);
  return child;
}
