import { describe, expect, it } from 'vitest';
import {
  enterLoader,
  enterLoaderSlowly,
  hardReset,
  playLines,
  usbJtagEnterLoader,
  usbJtagReset,
} from '../../../src/transport/reset-lines.js';
import type { LineSequence } from '../../../src/transport/port.js';
import { ScriptedPort } from '../../support/scripted-port.js';

/** The classic circuit (two transistors): a line alone pulls its pin low, both together do nothing. */
function pins(steps: LineSequence): string[] {
  const lines = { dtr: false, rts: false };
  return steps.map((step) => {
    Object.assign(lines, step);
    const en = lines.rts && !lines.dtr ? 0 : 1;
    const io0 = lines.dtr && !lines.rts ? 0 : 1;
    return `EN=${en} IO0=${io0}`;
  });
}

describe('on the classic circuit', () => {
  it('a hard reset lets EN rise with IO0 high', () => {
    expect(pins(hardReset)).toEqual(['EN=0 IO0=1', 'EN=1 IO0=1']);
  });

  it.each([{ steps: enterLoader }, { steps: enterLoaderSlowly }])(
    'the loader is entered with IO0 low while EN rises',
    ({ steps }) => {
      expect(pins(steps)).toEqual(['EN=0 IO0=1', 'EN=1 IO0=0', 'EN=1 IO0=1', 'EN=1 IO0=1']);
    },
  );
});

describe('every sequence', () => {
  it.each([
    { steps: hardReset },
    { steps: enterLoader },
    { steps: enterLoaderSlowly },
    { steps: usbJtagReset },
    { steps: usbJtagEnterLoader },
  ])('ends with both lines released', ({ steps }) => {
    expect(Object.assign({}, ...steps)).toMatchObject({ dtr: false, rts: false });
  });
});

describe('playLines', () => {
  it('sets the lines in order and holds them', async () => {
    const port = new ScriptedPort();
    const startedAt = performance.now();
    await playLines(port, hardReset);
    expect(port.log).toEqual(['lines {"dtr":false,"rts":true}', 'lines {"dtr":false,"rts":false}']);
    expect(performance.now() - startedAt).toBeGreaterThan(95);
  });

  it.each([0, 30])('releases the lines when it is interrupted after %i ms', async (timeMs) => {
    const port = new ScriptedPort();
    const controller = new AbortController();
    const playing = playLines(port, [{ rts: true, waitMs: 5000 }, { rts: false }], controller.signal);
    if (timeMs > 0) await new Promise((resolve) => setTimeout(resolve, timeMs));
    controller.abort();
    await expect(playing).rejects.toMatchObject({ code: 'run/interrupted' });
    expect(port.log).toEqual(['lines {"rts":true}', 'lines {"dtr":false,"rts":false}']);
  });

  it('refuses a port that has no lines', async () => {
    const port = Object.assign(new ScriptedPort(), { capabilities: { lines: false, baudRate: false } });
    await expect(playLines(port, hardReset)).rejects.toMatchObject({ code: 'port/no-lines' });
    expect(port.log).toEqual([]);
  });
});
