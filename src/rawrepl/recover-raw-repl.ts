import { isUpywError } from '../errors.js';
import { enterRawRepl } from './enter-raw-repl.js';
import type { Link } from './send-code.js';

/**
 * How long a board may take to stop what it does, after an interrupt or a failure: longer than all the knocks of `enterRawRepl`, since
 * a receiver that was cut off in the middle of a block answers the next one only.
 */
const recoverTimeoutMs = 6_000;
/** A board that waits at its prompt answers at once. */
const atPromptMs = 300;
/** A board that was reset is at its prompt again after 1 to 1.5 s. */
const restartMs = 2_000;

/**
 * Brings a board back to its raw prompt after a failure. While its console is raised above its usual rate, it may run at any of
 * `possibleRates`, the first of which is the usual one, to which a reset brings it back. The port is left at the rate at
 * which it answered, or at the usual one.
 */
export async function recoverRawRepl(
  { port, reader }: Link,
  possibleRates: readonly number[] = [],
): Promise<void> {
  const [usual = port.baudRate] = possibleRates;
  const rates = [...new Set([port.baudRate, usual, ...possibleRates])];
  const attempts = [
    ...(rates.length === 1
      ? []
      : rates.map((rate) => [rate, rate === usual ? restartMs : atPromptMs] as const)),
    ...rates.map((rate) => [rate, recoverTimeoutMs] as const),
  ];
  let failure: unknown;
  for (const [baudRate, timeoutMs] of attempts) {
    if (port.baudRate !== baudRate) await port.setBaudRate(baudRate);
    try {
      await enterRawRepl(port, reader, { timeoutMs, afterTrouble: true });
      return;
    } catch (error) {
      if (!isUpywError(error, 'rawrepl/no-prompt')) throw error;
      // Nobody asked for the raised ones.
      if (baudRate === usual) failure = error;
    }
  }
  if (port.baudRate !== usual) await port.setBaudRate(usual);
  throw failure;
}
