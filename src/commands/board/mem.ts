import type { Board } from '../../board/board.js';
import type { Disk } from '../../board/folders.js';
import type { MemoryUse } from '../../board/memory.js';
import type { Context } from '../../context.js';
import { withBoard } from '../../connecting/open-board.js';
import { isUpywError } from '../../errors.js';
import { pause } from '../../pause.js';
import { formatBytes, formatTable } from '../../ui/format.js';

export interface MemOptions {
  readonly watch?: true;
}

/** How often `--watch` looks. */
const lookMs = 1_000;
/** The bar that `--watch` draws is as long as a line has room for. */
const mostBarChars = 60;
const textChars = 38;

/** `upyw mem`: the board's memory; with `--watch` a line each second, until Ctrl-C. */
export async function mem(context: Context, { watch }: MemOptions): Promise<void> {
  const { reporter, world } = context;
  await withBoard(context, async (board) => {
    if (watch === true) return watchMemory(context, board);
    const memory = await board.memory({ signal: world.signal });
    const disks = await board.disks({ signal: world.signal }).catch((error: unknown) => {
      if (isUpywError(error, 'board/no-file-system')) return [];
      throw error;
    });
    reporter.result({ ...memory, disks }, describe(memory, disks));
  });
}

async function watchMemory({ reporter, world }: Context, board: Board): Promise<void> {
  reporter.goesOn();
  reporter.info('Free memory of the board, and the largest piece of it. Ctrl-C ends');
  try {
    for (;;) {
      const memory = await board.memory({ signal: world.signal });
      reporter.result(memory, lineOf(memory, world.stdout.columns));
      await pause(lookMs, world.signal);
    }
  } catch (error) {
    // That is how it ends.
    if (!isUpywError(error, 'run/interrupted')) throw error;
  }
}

/** `12:03:04  98.2 kB free  ███████▒▒▒···`: full for the largest piece, half for what else is free after a collection. */
function lineOf({ after, largestBlockBytes }: MemoryUse, columns = textChars + mostBarChars): string {
  const width = Math.max(10, Math.min(mostBarChars, columns - textChars));
  const share = (bytes: number) => Math.round((bytes / (after.freeBytes + after.usedBytes)) * width);
  const [largest, free] = [share(Math.min(largestBlockBytes, after.freeBytes)), share(after.freeBytes)];
  const bar =
    '█'.repeat(largest) +
    '▒'.repeat(Math.max(0, free - largest)) +
    '·'.repeat(width - Math.max(free, largest));
  const time = new Date().toTimeString().slice(0, 8);
  return `${time}  ${formatBytes(after.freeBytes).padStart(8)} free ${formatBytes(largestBlockBytes).padStart(8)}  ${bar}`;
}

function describe(memory: MemoryUse, disks: readonly Disk[]): string {
  const { before, after, largestBlockBytes, growthBytes, stack, firmware, flashBytes } = memory;
  const of = (free: number, total: number) => `${formatBytes(free)} of ${formatBytes(total)}`;
  const heap = after.freeBytes + after.usedBytes;
  const rows: [string, string][] = [
    ['free', of(before.freeBytes, heap)],
    ['free after gc.collect()', of(after.freeBytes, heap)],
    ['largest piece', formatBytes(largestBlockBytes)],
    ...(growthBytes === undefined
      ? []
      : [['can still grow by', formatBytes(growthBytes)] as [string, string]]),
    ...(stack === undefined
      ? []
      : [['stack, free', of(stack.totalBytes - stack.usedBytes, stack.totalBytes)] as [string, string]]),
    ...(firmware === undefined
      ? []
      : ([
          ['firmware and Wi-Fi, free', of(firmware.freeBytes, firmware.totalBytes)],
          ['largest piece of it', formatBytes(firmware.largestBlockBytes)],
        ] as [string, string][])),
    ...(flashBytes === undefined ? [] : [['flash chip', formatBytes(flashBytes)] as [string, string]]),
    ...disks.map(({ path, freeBytes, totalBytes }): [string, string] => [
      `files in ${path}, free`,
      of(freeBytes, totalBytes),
    ]),
  ];
  return formatTable(rows);
}
