import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { playLines } from '../../transport/reset-lines.js';
import { loaderSequences, resetSequence } from '../../transport/reset-sequences.js';
import { withBoard, withPort } from '../../connecting/open-board.js';

export interface ResetOptions {
  readonly soft?: true;
  readonly hard?: true;
  readonly bootloader?: true;
}

type ResetKind = keyof ResetOptions;

const done: Readonly<Record<ResetKind, string>> = {
  soft: 'soft reset: MicroPython starts anew',
  hard: 'reset: the board starts anew',
  bootloader: 'the board waits in its ROM loader; back to MicroPython: upyw reset --hard',
};

/** `upyw reset`: by the reset line where there is one, else by MicroPython. */
export async function reset(context: Context, options: ResetOptions): Promise<void> {
  const asked = (['soft', 'hard', 'bootloader'] as const).filter((kind) => options[kind] === true);
  if (asked.length > 1) {
    const problem = `--${asked.join(' and --')} cannot go together`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw reset' });
  }
  if (context.flags.dryRun) {
    context.reporter.info('would reset the board');
    context.reporter.result({ dryRun: true });
    return;
  }
  const kind = await resetBoard(context, asked[0]);
  context.reporter.info(done[kind]);
  context.reporter.result({ reset: kind });
}

async function resetBoard(context: Context, asked: ResetKind | undefined): Promise<ResetKind> {
  if (asked === 'soft') return softReset(context);
  const kind = asked ?? 'hard';
  const hasLines = await withPort(context, async (port) => {
    if (asked === undefined && !port.capabilities.lines) return false;
    const sequence = kind === 'bootloader' ? loaderSequences(port)[0] : resetSequence(port);
    await playLines(port, sequence, context.world.signal);
    return true;
  });
  return hasLines ? kind : softReset(context);
}

async function softReset(context: Context): Promise<ResetKind> {
  await withBoard(context, (board) => board.softReset());
  return 'soft';
}
