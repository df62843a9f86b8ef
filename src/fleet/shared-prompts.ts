import type { Prompts } from '../world.js';

type Ask = <Answer>(kind: string, question: string, ask: () => Promise<Answer>) => Promise<Answer>;

/**
 * Questions that many boards have at the same time, asked once: who asks what was asked already gets the same answer. One who asks the same
 * again (the answer was none) gets a new one. Questions of different words come one after the other.
 */
export class SharedPrompts {
  readonly #prompts: Prompts;
  readonly #whileAsking: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  readonly #count: () => number;
  readonly #answers = new Map<string, Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    prompts: Prompts,
    whileAsking: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>,
    count: () => number,
  ) {
    this.#prompts = prompts;
    this.#whileAsking = whileAsking;
    this.#count = count;
  }

  /** The prompts of one board. */
  forBoard(): Prompts {
    const times = new Map<string, number>();
    const ask: Ask = (kind, question, perform) => {
      const key = `${kind}\n${question}`;
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      return this.#once(`${key}\n${time}`, perform);
    };
    const prompts = this.#prompts;
    return {
      confirm: (question) => ask('confirm', question, () => prompts.confirm(this.#forAll(question))),
      input: (question) => ask('input', question, () => prompts.input(this.#forAll(question))),
      password: (question) => ask('password', question, () => prompts.password(this.#forAll(question))),
      select: (question, choices) =>
        ask('select', question, () => prompts.select(this.#forAll(question), choices)),
    };
  }

  /** Whoever answers sees for how many it is. */
  #forAll(question: string): string {
    const count = this.#count();
    // Some name the number themselves.
    return count < 2 || question.includes(`${count} boards`) ? question : `For ${count} boards: ${question}`;
  }

  #once<Answer>(key: string, perform: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(key) as Promise<Answer> | undefined;
    if (known !== undefined) return known;
    const answer = this.#last.then(
      () => this.#whileAsking(perform),
      () => this.#whileAsking(perform),
    );
    this.#last = answer.catch(() => undefined);
    this.#answers.set(key, answer);
    return answer;
  }
}
