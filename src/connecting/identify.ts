import { Board } from '../board/board.js';
import { macFrom } from '../config/boards/mac.js';
import type { Context, Way } from '../context.js';
import { isOfFamily, isUpywError } from '../errors.js';
import { connectLoader } from '../loader/connect-loader.js';
import type { Port } from '../transport/port.js';

/** A board at its prompt answers within milliseconds; a program that has to be interrupted takes longer. */
const promptMs = 5000;

/** Who was found on a port, and what said so. */
export interface Identity {
  readonly mac: string;
  readonly by: 'micropython' | 'loader';
}

/**
 * Asks the board on an open port for its MAC, one way and then the other. A program that runs there is interrupted; the loader needs a reset,
 * so it is not asked with `--no-reset`. Undefined: nobody answers. Throws `port/…`, `run/interrupted`.
 */
export async function identify(context: Context, port: Port, first: Way): Promise<Identity | undefined> {
  const ways = first === 'prompt' ? [askPrompt, askLoader] : [askLoader, askPrompt];
  for (const ask of ways) {
    const found = await ask(context, port);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function askPrompt({ world }: Context, port: Port): Promise<Identity | undefined> {
  const { signal } = world;
  try {
    const board = await Board.connect(port, { timeoutMs: promptMs, signal });
    const { uniqueId = '' } = await board.info({ signal }).finally(() => board.disconnect());
    // Other chips than Espressif's have ids of other lengths.
    const mac = macFrom(uniqueId);
    return mac === undefined ? undefined : { mac, by: 'micropython' };
  } catch (error) {
    if (isOfFamily(error, 'rawrepl') || isUpywError(error, 'port/silent')) return undefined;
    throw error;
  }
}

async function askLoader({ world, flags }: Context, port: Port): Promise<Identity | undefined> {
  if (!flags.mayReset || !port.capabilities.lines) return undefined;
  try {
    // The chip's own loader at the rate that every line carries: all that is wanted are six bytes.
    const options = { stub: false, baudRate: port.baudRate, signal: world.signal };
    const loader = await connectLoader(port, options);
    const { mac } = loader.chip;
    await loader.leave().catch(() => undefined);
    return { mac, by: 'loader' };
  } catch (error) {
    if (isOfFamily(error, 'loader')) return undefined;
    throw error;
  }
}
