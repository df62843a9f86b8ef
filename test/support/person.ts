import { Readable } from 'node:stream';
import type { Prompts, World } from '../../src/world.js';
import { MemoryOutput } from './memory-output.js';
import { runInWorld } from './memory-world.js';

/** What somebody at a terminal answers: the same to every question of a kind, or one after the other. */
export interface Answers {
  readonly confirm?: boolean;
  readonly select?: string;
  readonly texts?: readonly string[];
}

/** Somebody at a terminal. */
export class Person implements Prompts {
  readonly questions: string[] = [];
  readonly #texts: string[];

  constructor(private readonly answers: Answers) {
    this.#texts = [...(answers.texts ?? [])];
  }

  confirm(question: string): Promise<boolean> {
    this.questions.push(question);
    return Promise.resolve(this.answers.confirm ?? false);
  }

  select<Value>(question: string, choices: readonly { name: string; value: Value }[]): Promise<Value> {
    this.questions.push(question);
    const choice = choices.find(({ name }) => name === this.answers.select);
    if (choice === undefined) throw new Error(`not offered: ${choices.map(({ name }) => name).join(', ')}`);
    return Promise.resolve(choice.value);
  }

  input(question: string): Promise<string> {
    this.questions.push(question);
    const text = this.#texts.shift();
    return text === undefined
      ? Promise.reject(new Error(`nobody answers ${question}`))
      : Promise.resolve(text);
  }

  password(question: string): Promise<string> {
    return this.input(`${question} (hidden)`);
  }
}

/** Runs a command line with that person at the terminal. */
export async function askPerson(argv: string[], person: Person, overrides: Partial<World> = {}) {
  const stderr = new MemoryOutput({ isTTY: true });
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  // No colours: what is looked for are the words.
  const result = await runInWorld([...argv, '--no-color'], { stdin, stderr, prompts: person, ...overrides });
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: stderr.text };
}
