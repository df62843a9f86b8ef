import { describe, expect, it } from 'vitest';
import { ComPort } from '../../../../src/sim/serve/com-port.js';

function makePort() {
  const answers: number[][] = [];
  const rates: number[] = [];
  const target = {
    lines: { dtr: false, rts: false },
    setLines(changes: { dtr?: boolean; rts?: boolean }) {
      target.lines = { ...target.lines, ...changes };
    },
    setBaudRate: (baudRate: number, onSet: () => void) => {
      rates.push(baudRate);
      onSet();
    },
  };
  const port = new ComPort(target, (value) => answers.push([...value]));
  port.announce();
  const ask = (...bytes: number[]): number[] | undefined => {
    answers.length = 0;
    port.handle(Uint8Array.from(bytes));
    return answers[0];
  };
  return { ask, target, rates, answers };
}

describe('RFC 2217 questions', () => {
  it('sets the rate and says which one is in force', () => {
    const { ask, rates } = makePort();
    expect(ask(1, 0, 0x0e, 0x10, 0)).toEqual([101, 0, 0x0e, 0x10, 0]);
    expect(ask(1, 0, 0, 0, 0)).toEqual([101, 0, 0x0e, 0x10, 0]);
    expect(rates).toEqual([921_600]);
  });

  it('says that a rate is set when it is in force', () => {
    const { ask, target, answers } = makePort();
    let inForce = (): void => undefined;
    target.setBaudRate = (_, onSet) => {
      inForce = onSet;
    };
    expect(ask(1, 0, 0x0e, 0x10, 0)).toBeUndefined();
    inForce();
    expect(answers).toEqual([[101, 0, 0x0e, 0x10, 0]]);
  });

  it('sets DTR, RTS and break, and tells what they are', () => {
    const { ask, target } = makePort();
    expect(ask(5, 8)).toEqual([105, 8]);
    expect(ask(5, 11)).toEqual([105, 11]);
    expect(target.lines).toEqual({ dtr: true, rts: true });
    expect([ask(5, 7), ask(5, 10)]).toEqual([
      [105, 8],
      [105, 11],
    ]);
    expect(ask(5, 9)).toEqual([105, 9]);
    expect(target.lines).toEqual({ dtr: false, rts: true });
    expect([ask(5, 5), ask(5, 4), ask(5, 6), ask(5, 4)]).toEqual([
      [105, 5],
      [105, 5],
      [105, 6],
      [105, 6],
    ]);
  });

  it('answers everything else as a line of 8N1 without flow control', () => {
    const { ask } = makePort();
    expect([ask(2, 8), ask(3, 1), ask(4, 1), ask(12, 3), ask(5, 1), ask(11, 255)]).toEqual([
      [102, 8],
      [103, 1],
      [104, 1],
      [112, 3],
      [105, 1],
      [111, 255],
    ]);
    expect(ask(7)).toEqual([107, 0xb0]);
    expect(ask(0)?.[0]).toBe(100);
    expect(ask(99)).toBeUndefined();
  });
});

it('tells the state of its lines without being asked, once', () => {
  const answers: number[][] = [];
  const target = {
    lines: { dtr: false, rts: false },
    setLines: () => undefined,
    setBaudRate: () => undefined,
  };
  const port = new ComPort(target, (value) => answers.push([...value]));
  port.handle(Uint8Array.of(12, 3));
  port.handle(Uint8Array.of(12, 3));
  expect(answers).toEqual([
    [107, 0xb0],
    [112, 3],
    [112, 3],
  ]);
});
