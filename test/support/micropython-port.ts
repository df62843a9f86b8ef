import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ScriptedPort } from './scripted-port.js';

export interface MicroPythonOptions {
  readonly disk?: 'littlefs' | 'fat' | 'littlefs+sd' | 'memory';
  /** 1.20, with `disk: 'memory'` only; without anything that interrupts it. */
  readonly isOld?: boolean;
  /** Of 4096 bytes. */
  readonly blocks?: number;
  readonly rawPaste?: boolean;
  /** Modules that this firmware was built without. */
  readonly lacking?: readonly string[];
  /** A file that holds the littlefs, empty at first, so that it is still there after a `reset`. */
  readonly image?: string;
  /** Its waits are so many times shorter. */
  readonly hurry?: number;
  /** The power goes in the middle of this write to the disk, counted from 1. */
  readonly lastWrite?: number;
}

/** A test that fails may not get to close its board, whose program would then read the end of its input for ever. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const driver = fileURLToPath(new URL('raw-repl.py', import.meta.url));
const oldMicroPython = fileURLToPath(new URL('old-micropython.js', import.meta.url));

/** A port with the real MicroPython VM of the unix port behind it, and a real littlefs or FAT on a RAM disk. */
export class MicroPythonPort extends ScriptedPort {
  /** Changes what is on its way to the board or back, as a bad line does; nothing returned: it is lost. */
  toBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  fromBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  /** Called when the power has gone; without it the board stays dead. */
  onPowerCut: () => void = () => undefined;
  #child: ChildProcessWithoutNullStreams;
  #interruptible = false;
  #unplugged = false;

  /** A new board, or the one of another port. */
  constructor(board: MicroPythonOptions | ChildProcessWithoutNullStreams = {}) {
    super();
    this.#child = this.#attach('pid' in board ? board : start(board as MicroPythonOptions));
    this.onWrite = (bytes) => {
      let plain = this.toBoard(bytes);
      if (this.#interruptible && plain.includes(3)) {
        this.#child.kill('SIGINT');
        plain = plain.filter((byte) => byte !== 3);
      }
      if (!this.#unplugged) this.#child.stdin.write(plain);
    };
  }

  #attach(child: ChildProcessWithoutNullStreams): ChildProcessWithoutNullStreams {
    child.stdout.on('data', (bytes: Uint8Array) => {
      // What stderr told before has to be known before anybody answers.
      setImmediate(() => {
        if (!this.#unplugged && child === this.#child) this.say(Uint8Array.from(this.fromBoard(bytes)));
      });
    });
    child.stderr.on('data', (bytes: Uint8Array) => {
      for (const byte of bytes) this.#interruptible = byte === 'C'.charCodeAt(0);
      if (!bytes.includes('X'.charCodeAt(0))) return;
      child.kill('SIGKILL');
      this.onPowerCut();
    });
    return child;
  }

  /** The board loses all but its disk (`image`), at once, and starts anew. */
  reset(options: MicroPythonOptions): void {
    this.#child.kill('SIGKILL');
    this.#interruptible = false;
    this.#child = this.#attach(start(options));
    this.say(
      new TextEncoder().encode('ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n'),
    );
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

/** How files got to the board. */
export function wentAs(port: MicroPythonPort): 'raw' | 'text' | 'literals' {
  const written = port.log.map((line) => Buffer.from(line.replace(/^write /, ''), 'hex').toString('latin1'));
  // The receiver of text, and how it gets its pieces.
  if (/_upyw\('[0-9a-f]{8}',.*,False\)/.test(written.join(''))) return 'literals';
  return written.join('').includes('_upyw_r') ? 'text' : 'raw';
}

function start(options: MicroPythonOptions): ChildProcessWithoutNullStreams {
  const { disk = 'littlefs', blocks = 256, rawPaste = true, lacking = [] } = options;
  const { image = '', hurry = 1, lastWrite = 0, isOld = false } = options;
  const numbers = [hurry, lastWrite].map(String);
  const child = spawn(isOld ? process.execPath : 'micropython', [
    ...(isOld ? [oldMicroPython] : ['-X', 'heapsize=8m']),
    driver,
    ...[disk, String(blocks), rawPaste ? 'yes' : 'no', lacking.join(','), image, ...numbers],
  ]);
  child.stdin.on('error', () => undefined);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
