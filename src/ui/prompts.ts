import { UpywError } from '../errors.js';
import { printableName } from '../printable.js';
import type { Input, Output, Prompts } from '../world.js';

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
      const place = await ask<number>(terminal, message, { type: 'select', choices: places, loop: false });
      return choices[place]?.value as (typeof choices)[number]['value'];
    },
  };
}

/** Whether somebody is there who sees a question and can answer. */
export function hasTerminal({ stdin, stdout, stderr }: Omit<Terminal, 'signal'>): boolean {
  return stdin.isTTY === true && (stderr.isTTY === true || stdout.isTTY === true);
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
  // Ctrl-D on an empty line ends the reading of keys, and inquirer would wait for ever.
  const onKey = (_: unknown, { name, ctrl }: Key) => {
    if (ctrl === true && name === 'd') left.abort();
  };
  stdin.on('keypress', onKey);
  const prompt = createPromptModule({
    input: stdin,
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
    stdin.off('keypress', onKey);
  }
}
