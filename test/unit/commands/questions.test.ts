import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import type { PortInfo } from '../../../src/transport/port.js';
import type { Prompts, World } from '../../../src/world.js';
import { MemoryOutput } from '../../support/memory-output.js';
import { runInWorld } from '../../support/memory-world.js';

/** Somebody at a terminal who answers everything with the same. */
class Person implements Prompts {
  readonly questions: string[] = [];

  constructor(private readonly answers: { confirm?: boolean; select?: string }) {}

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

  input(): Promise<string> {
    return Promise.reject(new Error('nobody asks for text here'));
  }

  password(): Promise<string> {
    return this.input();
  }
}

/** Runs a command line with that person at the terminal. */
async function ask(argv: string[], person: Person, overrides: Partial<World> = {}) {
  const stderr = new MemoryOutput({ isTTY: true });
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  // No colours: what is looked for are the words.
  const result = await runInWorld([...argv, '--no-color'], { stdin, stderr, prompts: person, ...overrides });
  return { exitCode: result.exitCode, stderr: stderr.text };
}

describe('questions', () => {
  const boards: PortInfo[] = ['COM3', 'COM4'].map((path) => ({
    path,
    usb: { vendorId: '1a86', productId: '7523' },
  }));

  test('several boards: the one that is picked is opened', async () => {
    const opened: string[] = [];
    const serial = (address: string) => {
      opened.push(address);
      return Promise.reject(new UpywError('port/busy', { port: address }));
    };
    const person = new Person({ select: 'COM4' });
    const openers = { serial, socket: serial, rfc2217: serial, sim: serial };
    const { exitCode } = await ask(['ls'], person, { openers, listPorts: () => Promise.resolve(boards) });
    expect([person.questions, opened, exitCode]).toEqual([['Which board?'], ['COM4'], 3]);
  });

  test('emptying the whole board is asked about; no is no, exit code 1', async () => {
    const person = new Person({ confirm: false });
    const { exitCode, stderr } = await ask(['rm', '-r', ':'], person);
    expect(person.questions).toEqual(['This will remove everything in : on the board. Go on?']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('usage/declined');
  });

  test('--yes asks nothing, and neither does the removal of one thing', async () => {
    const person = new Person({ confirm: false });
    // Without a board both end in port/none, behind the point where the question would be.
    expect((await ask(['rm', '-r', ':', '--yes'], person)).exitCode).toBe(3);
    expect((await ask(['rm', '-r', 'lib'], person)).exitCode).toBe(3);
    expect(person.questions).toEqual([]);
  });
});
