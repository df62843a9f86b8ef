import { PassThrough } from 'node:stream';
import { UpywError } from '../errors.js';
import { printableName } from '../printable.js';
import { type Input, type Output, type Prompts, hasTerminal } from '../world.js';

/** Where a terminal does not say how high it is. */
const usualRows = 24;
const shortestPage = 5;

interface Terminal {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/**
 * Questions by `inquirer`, loaded at the first one. Asked on stderr so that stdout stays the command's own, unless stderr goes
 * to a file.
 */
export function createPrompts(terminal: Terminal): Prompts {
  return {
    confirm: (message) => ask(terminal, message, { type: 'confirm', default: false }),
    input: (message) => ask(terminal, message, { type: 'input' }),
    password: (message) => ask(terminal, message, { type: 'password', toggleMask: false }),
    select: async (message, choices) => {
      // By their places: inquirer takes a choice whose value is undefined for the default.
      const places = choices.map(({ name }, place) => ({ name: printableName(name), value: place }));
      const place = await ask<number>(terminal, message, {
        type: 'select',
        choices: places,
        loop: false,
        // The question and the keys have a line each.
        pageSize: Math.max(shortestPage, (terminal.stderr.rows ?? usualRows) - 3),
      });
      return choices[place]?.value as (typeof choices)[number]['value'];
    },
  };
}

/**
 * The keys of a terminal for one question. A terminal that closes meanwhile makes stdin fail in ways that nobody in between
 * listens for, and the process would crash: here it ends the question.
 */
class Keys extends PassThrough {
  readonly isTTY = true;
  readonly #stdin: Input;
  readonly #onGone: () => void;

  constructor(stdin: Input, onGone: () => void) {
    super();
    this.#stdin = stdin;
    this.#onGone = onGone;
    // One listener stays: it may fail at the very end, too.
    if (stdin.listenerCount('error') === 0) stdin.on('error', () => undefined);
    stdin.on('error', onGone).on('end', onGone).pipe(this, { end: false });
  }

  setRawMode(raw: boolean): this {
    this.#stdin.setRawMode?.(raw);
    return this;
  }

  /** Lets go of stdin; what was typed ahead waits there for the next question. */
  release(): void {
    this.#stdin.unpipe(this).pause();
    this.#stdin.off('error', this.#onGone).off('end', this.#onGone);
    const ahead = this.read() as Uint8Array | null;
    if (ahead !== null && !this.#stdin.readableEnded) this.#stdin.unshift(ahead);
  }
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

async function ask<Value>(terminal: Terminal, message: string, question: object): Promise<Value> {
  const { stdin, stdout, stderr, signal } = terminal;
  if (!hasTerminal(terminal)) {
    throw new UpywError('usage/no-terminal', {
      what: 'asking a question',
      instead: 'Say it on the command line instead: see --help, and --yes to agree in advance',
    });
  }
  const { createPromptModule } = await import('inquirer');
  const left = new AbortController();
  const keys = new Keys(stdin, () => {
    left.abort();
  });
  // Ctrl-D on an empty line ends the reading of keys, and inquirer would wait for ever.
  keys.on('keypress', (_: unknown, { name, ctrl }: Key) => {
    if (ctrl === true && name === 'd') left.abort();
  });
  const prompt = createPromptModule({
    input: keys as unknown as NodeJS.ReadableStream,
    output: stderr.isTTY === true ? stderr : stdout,
    signal: AbortSignal.any([signal, left.signal]),
  });
  try {
    const answers = await prompt({
      name: 'answer',
      message: printableName(message),
      ...question,
    } as Parameters<typeof prompt>[0]);
    return (answers as { answer: Value }).answer;
  } catch (error) {
    // Ctrl-C at a question arrives as a key, not as a signal.
    const names = ['ExitPromptError', 'AbortPromptError'];
    if (error instanceof Error && names.includes(error.name)) {
      throw new UpywError('run/interrupted', {}, { cause: error });
    }
    throw error;
  } finally {
    keys.release();
  }
}
