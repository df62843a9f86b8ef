import type { BoardConsole } from './board-console.js';
import { Activity, type SharedConsole } from './shared-console.js';
import type { Vm } from '../vm.js';

export type ReplMode = 'friendly' | 'raw';

const ctrlA = 1;
const ctrlB = 2;
const ctrlC = 3;
const ctrlD = 4;
const ctrlE = 5;
const enter = 13;
const letterA = 0x41;

/** MICROPY_REPL_STDIN_BUFFER_MAX / 2, as on the ESP32. */
const windowBytes = 128;

const rawBanner = 'raw REPL; CTRL-B to exit\r\n>';
const abortedPaste = '\x04\x04Traceback (most recent call last):\r\nKeyboardInterrupt: \r\n\x04>';

/**
 * The REPL as the wire sees it. Friendly, paste and raw mode are the VM's own C code (shared/runtime/pyexec.c); in front of it
 * stand the two things that code cannot do in this build: raw-paste mode, whose reader blocks, and an empty line.
 */
export class ReplFront {
  readonly #vm: Vm;
  readonly #console: BoardConsole;
  readonly #shared: SharedConsole;
  #mode: ReplMode = 'friendly';
  /** Bytes of the current raw line; the request for raw-paste is only one at its start. */
  #rawLineLength = 0;

  constructor(vm: Vm, console: BoardConsole, shared: SharedConsole) {
    this.#vm = vm;
    this.#console = console;
    this.#shared = shared;
  }

  get mode(): ReplMode {
    return this.#mode;
  }

  /** Enters the mode the board was in before a reset; says what that mode says at its start. */
  enter(mode: ReplMode): void {
    if (mode === 'raw') {
      this.#enterRaw();
      this.#prompt(rawBanner);
    } else {
      // Ctrl-B says the banner on a new line; a board that starts says it at once.
      const banner = this.#vm.captured(() => this.#vm.processChar(ctrlB));
      this.#prompt(banner.replace(/^\r\n/, ''));
    }
  }

  /** Serves the wire until the VM asks for a soft reset. */
  serve(): void {
    for (;;) {
      this.#shared.activity = Activity.Prompt;
      const byte = this.#console.readByte();
      const wantsReset = this.#mode === 'raw' ? this.#raw(byte) : this.#friendly(byte);
      if (wantsReset) return;
    }
  }

  /** Runs a file as the board does at boot. */
  runFile(name: string): 'done' | 'failed' | 'soft-reset' {
    const result = { wantsReset: false };
    const said = this.#vm.captured(() => {
      this.#enterRaw();
      // Only now: the prompt that nobody sees made it look as if the board took every byte.
      this.#run(Activity.RunningFriendly);
      result.wantsReset = this.#feed(`execfile(${JSON.stringify(name)})\x04`);
      if (!result.wantsReset) this.#vm.processChar(ctrlB);
    });
    this.#mode = 'friendly';
    if (result.wantsReset) return 'soft-reset';
    const [, traceback = ''] = said.split('\x04');
    this.#console.writeText(traceback.replace('  File "<stdin>", line 1, in <module>\r\n', ''));
    return traceback === '' ? 'done' : 'failed';
  }

  #friendly(byte: number): boolean {
    // This build answers an empty line with a SyntaxError.
    if (byte === enter && this.#vm.isAtPrompt) {
      this.#prompt('\r\n>>> ');
      return false;
    }
    if (byte === enter || byte === ctrlD) this.#run(Activity.RunningFriendly);
    const wantsReset = this.#vm.processChar(byte);
    if (byte === ctrlA) {
      this.#mode = 'raw';
      this.#rawLineLength = 0;
    }
    return wantsReset;
  }

  #raw(byte: number): boolean {
    if (byte === ctrlE && this.#rawLineLength === 0) return this.#rawPasteRequest();
    if (byte === ctrlD) this.#run(Activity.RunningRaw);
    const wantsReset = this.#vm.processChar(byte);
    if (byte === ctrlB) this.#mode = 'friendly';
    const isControl = byte >= ctrlA && byte <= ctrlD;
    this.#rawLineLength = isControl ? 0 : this.#rawLineLength + 1;
    return wantsReset;
  }

  /** `\x05A\x01` asks for raw-paste; anything else after `\x05` is an ordinary line. */
  #rawPasteRequest(): boolean {
    const second = this.#console.readByte();
    if (second !== letterA) {
      this.#vm.processChar(ctrlE);
      this.#rawLineLength = 1;
      return this.#raw(second);
    }
    const third = this.#console.readByte();
    if (third !== ctrlA) {
      this.#vm.processChar(ctrlE);
      this.#vm.processChar(letterA);
      this.#rawLineLength = 2;
      return this.#raw(third);
    }
    const code = this.#readPaste();
    return code === undefined ? false : this.#runPasted(code);
  }

  /** Takes code by windows, as `mp_reader_stdin` of pyexec.c does; undefined when Ctrl-C ended it. */
  #readPaste(): number[] | undefined {
    this.#shared.activity = Activity.RawPaste;
    this.#console.write(Uint8Array.of(0x52, 1, windowBytes & 0xff, windowBytes >> 8, 1));
    const code: number[] = [];
    let windowLeft = windowBytes;
    for (;;) {
      const byte = this.#console.readByte();
      if (byte === ctrlC) {
        this.#prompt(abortedPaste);
        return undefined;
      }
      if (byte === ctrlD) break;
      code.push(byte);
      windowLeft -= 1;
      if (windowLeft === 0) {
        this.#console.write(Uint8Array.of(1));
        windowLeft = windowBytes;
      }
    }
    this.#console.write(Uint8Array.of(ctrlD));
    return code;
  }

  /** The C code's raw mode runs what was pasted; its "OK" was never asked for. */
  #runPasted(code: readonly number[]): boolean {
    this.#run(Activity.RunningRaw);
    const typed = code.some((byte) => byte === ctrlA || byte === ctrlB) ? quoted(code) : code;
    for (const byte of typed) this.#vm.processChar(byte);
    return this.#vm.processCharWithoutOk(ctrlD);
  }

  /** Says something that ends with a prompt: whoever sees it may send at once. */
  #prompt(text: string): void {
    this.#console.tellAtPrompt();
    this.#console.writeText(text);
  }

  /** A program starts with Ctrl-C on. */
  #run(activity: Activity): void {
    this.#shared.interruptChar = ctrlC;
    this.#shared.activity = activity;
  }

  #enterRaw(): void {
    this.#vm.captured(() => {
      this.#vm.processChar(ctrlA);
    });
    this.#mode = 'raw';
    this.#rawLineLength = 0;
  }

  #feed(text: string): boolean {
    let wantsReset = false;
    for (const byte of new TextEncoder().encode(text)) wantsReset = this.#vm.processChar(byte);
    return wantsReset;
  }
}

/** The same code without a byte that the raw REPL would take for a command of its own. */
function quoted(code: readonly number[]): Uint8Array {
  const escaped = code.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return new TextEncoder().encode(`exec(compile(b'${escaped}', '<stdin>', 'exec'))`);
}
