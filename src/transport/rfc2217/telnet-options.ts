import { encodeNegotiation, type TelnetVerb } from './telnet-codec.js';

type Answer = 'open' | 'asked' | 'yes' | 'no';

/** Which options each side should use; what is not named is refused. */
export interface WantedOptions {
  /** We say WILL. */
  readonly ours: readonly number[];
  /** We say DO. */
  readonly theirs: readonly number[];
}

/** Agrees on Telnet options without ever answering an answer, which is how such talk becomes endless (RFC 1143). */
export class TelnetOptions {
  readonly #wanted: WantedOptions;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #answers = new Map<string, Answer>();

  constructor(wanted: WantedOptions, send: (bytes: Uint8Array) => void) {
    this.#wanted = wanted;
    this.#send = send;
  }

  /** Asks for all that is wanted. */
  start(): void {
    for (const option of this.#wanted.ours) this.#ask('WILL', 'ours', option);
    for (const option of this.#wanted.theirs) this.#ask('DO', 'theirs', option);
  }

  answer(side: keyof WantedOptions, option: number): Answer {
    return this.#answers.get(`${side} ${option}`) ?? 'open';
  }

  receive(verb: TelnetVerb, option: number): void {
    const side = verb === 'DO' || verb === 'DONT' ? 'ours' : 'theirs';
    const agreed = verb === 'DO' || verb === 'WILL';
    const before = this.answer(side, option);
    const wanted = this.#wanted[side].includes(option);
    const now: Answer = agreed && wanted ? 'yes' : 'no';
    this.#answers.set(`${side} ${option}`, now);
    const changed = before !== now && !(before === 'open' && !agreed);
    if (before !== 'asked' && changed) this.#send(encodeNegotiation(reply(side, now === 'yes'), option));
  }

  #ask(verb: TelnetVerb, side: keyof WantedOptions, option: number): void {
    this.#answers.set(`${side} ${option}`, 'asked');
    this.#send(encodeNegotiation(verb, option));
  }
}

function reply(side: keyof WantedOptions, yes: boolean): TelnetVerb {
  if (side === 'ours') return yes ? 'WILL' : 'WONT';
  return yes ? 'DO' : 'DONT';
}
