import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { describePin } from './describe-pin.js';
import { namedBoard } from './named-board.js';

export interface SimPinOptions {
  /** Let go again after so many milliseconds. */
  readonly for?: string;
}

const maxHoldMs = 600_000;

/**
 * `upyw sim pin [GPIO] [low|high|release]`: connects a pin of a virtual board that is being served to ground or to 3.3 V, as a button
 * or a wire would, or says how its pins are.
 */
export async function simPin(
  context: Context,
  gpio: string | undefined,
  level: string | undefined,
  options: SimPinOptions,
): Promise<void> {
  const [{ checkGpio, parsePinLevel, usableGpios }, { askPins }, name] = await Promise.all([
    import('../../sim/pins/gpio.js'),
    import('../../sim/serve/ask-pins.js'),
    namedBoard(context),
  ]);
  const { reporter, flags, world } = context;
  if (gpio === undefined) {
    const pins = (await askPins(name, { gpios: usableGpios })).filter(
      ({ mode, connectedMv }) => mode !== 'unused' || connectedMv !== undefined,
    );
    if (pins.length === 0) reporter.info('the program uses no pins, and nothing is connected to them');
    reporter.result({ name, pins }, pins.map(describePin).join('\n'));
    return;
  }
  const number = checkGpio(gpio);
  const connect = level === undefined ? undefined : parsePinLevel(level);
  if (level !== undefined && connect === undefined) {
    throw new UpywError('usage/bad-value', {
      name: 'the level',
      value: level,
      expected: 'low, high or release',
    });
  }
  const holdMs = parseHold(options.for, connect);
  if (flags.dryRun && connect !== undefined) {
    reporter.result({ name, dryRun: true }, `would set GPIO${number}: ${level ?? ''}`);
    return;
  }
  let [pin] = await askPins(name, { gpios: [number], ...(connect !== undefined && { connect }) });
  if (holdMs !== undefined) {
    await passed(holdMs, world.signal);
    [pin] = await askPins(name, { gpios: [number], connect: null });
  }
  if (pin !== undefined) reporter.result({ name, ...pin }, describePin(pin));
  if (world.signal.aborted) throw new UpywError('run/interrupted', {});
}

function parseHold(text: string | undefined, connect: number | null | undefined): number | undefined {
  if (text === undefined) return undefined;
  const holdMs = Number(text);
  const isRight = text.trim() !== '' && Number.isInteger(holdMs) && holdMs >= 0 && holdMs <= maxHoldMs;
  if (!isRight) {
    const expected = `milliseconds from 0 to ${maxHoldMs}`;
    throw new UpywError('usage/bad-value', { name: '--for', value: text, expected });
  }
  if (typeof connect === 'number') return holdMs;
  throw new UpywError('usage/arguments', { problem: '--for goes with low or high', command: 'upyw sim pin' });
}

/** Resolves after a time, or as soon as there is an interrupt. */
function passed(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
