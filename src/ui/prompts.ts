import { UpywError } from '../errors.js';
import type { Input, Output, Prompts } from '../world.js';

interface Terminal {
  readonly stdin: Input;
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/** Questions by `inquirer`, asked on stderr so that stdout stays the command's own; loaded at the first question. */
export function createPrompts(terminal: Terminal): Prompts {
  return {
    confirm: (message) => ask(terminal, { type: 'confirm', message, default: false }),
    input: (message) => ask(terminal, { type: 'input', message }),
    password: (message) => ask(terminal, { type: 'password', message }),
    select: async (message, choices) => {
      // By their places: inquirer takes a choice whose value is undefined for the default.
      const places = choices.map(({ name }, place) => ({ name, value: place }));
      const place = await ask<number>(terminal, { type: 'select', message, choices: places, loop: false });
      return choices[place]?.value as (typeof choices)[number]['value'];
    },
  };
}

/** Whether somebody is there to answer. */
export function hasTerminal({ stdin, stderr }: Pick<Terminal, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

async function ask<Value>({ stdin, stderr, signal }: Terminal, question: object): Promise<Value> {
  if (!hasTerminal({ stdin, stderr })) {
    throw new UpywError('usage/no-terminal', {
      what: 'asking a question',
      instead: 'Say it on the command line instead: see --help, and --yes to agree in advance',
    });
  }
  const { createPromptModule } = await import('inquirer');
  const prompt = createPromptModule({ input: stdin, output: stderr, signal });
  try {
    const answers = await prompt({ name: 'answer', ...question } as Parameters<typeof prompt>[0]);
    return (answers as { answer: Value }).answer;
  } catch (error) {
    // Ctrl-C at a question arrives as a key, not as a signal.
    const names = ['ExitPromptError', 'AbortPromptError'];
    if (error instanceof Error && names.includes(error.name)) {
      throw new UpywError('run/interrupted', {}, { cause: error });
    }
    throw error;
  }
}
