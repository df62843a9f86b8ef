import type { BoardInfo } from '../../board/board-info.js';
import type { Context } from '../../context.js';
import { requireFirmware, requirePlace } from '../../firmware/check-firmware.js';
import type { FirmwareFile } from '../../firmware/read-firmware.js';
import { flashFirmware, requireGrid } from '../../loader/flash-firmware.js';
import type { FlashFirmwareResult } from '../../loader/flash-firmware.js';
import type { Loader } from '../../loader/loader.js';
import { formatBytes } from '../../ui/format.js';
import { awaitMicroPython } from '../../connecting/await-micropython.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { chooseFirmware, standInName } from './firmware-file.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { PhaseProgress } from '../../ui/phase-progress.js';

export interface FlashOptions extends LoaderFlags {
  readonly keepFiles?: true;
  readonly offset?: string;
  readonly force?: true;
}

/** `upyw flash [FIRMWARE]`: makes the chip hold this firmware and nothing else, and sees it start. */
export async function flash(
  context: Context,
  firmware: string | undefined,
  options: FlashOptions,
): Promise<void> {
  const { flags, reporter } = context;
  const offset = parseBytes('--offset', options.offset);
  if (offset !== undefined) requireGrid(offset);
  const file = await chooseFirmware(context, firmware);
  if (options.force !== true) {
    if (offset === undefined) requireFirmware(file.recognised, file.path);
    else requirePlace(file.recognised, offset, file.path);
  }
  await withPort(context, async (port) => {
    await confirmLoss(context, `write ${file.path} to the board on ${port.name}`, lossOf(options, offset));
    const startMs = context.world.now();
    const done = await withLoader(context, port, options, async (loader) => {
      const result = await write(context, loader, file, { ...options, offset });
      const info = await start(context, loader, result);
      const { name, mac } = loader.chip;
      return { ...result, name, mac, ...(info === undefined ? {} : { micropython: info.version }) };
    });
    const { firmware: written, ...value } = done;
    const durationMs = Math.round(context.world.now() - startMs);
    reporter.result(
      {
        ...value,
        app: written?.app.app ?? null,
        file: file.path,
        port: port.name,
        dryRun: flags.dryRun,
        durationMs,
      },
      summary(done, file.path, flags.dryRun),
    );
  });
}

function lossOf({ keepFiles }: FlashOptions, offset: number | undefined): string {
  if (offset !== undefined) return 'What is at that place now is lost.';
  return keepFiles === true
    ? 'Its firmware is replaced; its files stay.'
    : 'Everything on it is lost, its files too (--keep-files keeps them).';
}

async function write(
  { flags, reporter, world }: Context,
  loader: Loader,
  file: FirmwareFile,
  { keepFiles, offset, force }: Omit<FlashOptions, 'offset'> & { readonly offset: number | undefined },
): Promise<FlashFirmwareResult> {
  const progress = new PhaseProgress(reporter, 'flash');
  try {
    return await flashFirmware(loader, file, {
      keepFiles,
      offset,
      force,
      dryRun: flags.dryRun,
      onProgress: progress.update,
      signal: world.signal,
      repeatCommand: file.path === standInName ? `upyw flash -p ${loader.port.name}` : undefined,
    });
  } finally {
    progress.stop();
  }
}

/** Sees MicroPython start; undefined for what is not MicroPython, or cannot be restarted from here. */
async function start(
  context: Context,
  loader: Loader,
  { firmware }: FlashFirmwareResult,
): Promise<BoardInfo | undefined> {
  const { port } = loader;
  if (context.flags.dryRun || firmware === undefined) return undefined;
  if (firmware.app.micropython === undefined) return undefined;
  if (!port.capabilities.lines) {
    context.reporter.warn(`${port.name} has no reset line: tap EN (RST) to start the board`);
    return undefined;
  }
  return awaitMicroPython(context, port, () => loader.leave());
}

type Done = FlashFirmwareResult & {
  readonly name: string;
  readonly mac: string;
  readonly micropython?: string;
};

function summary(done: Done, path: string, dryRun: boolean): string {
  const counts = [
    `${formatBytes(done.writtenBytes)} ${dryRun ? 'to write' : 'written'}`,
    `${formatBytes(done.erasedBytes)} ${dryRun ? 'to erase' : 'erased'}`,
    `${formatBytes(done.unchangedBytes)} as it was`,
  ].join(', ');
  if (dryRun) return `would write ${path} to the ${done.name} ${done.mac}: ${counts}`;
  const answer = done.micropython === undefined ? '' : `\nMicroPython ${done.micropython} answers`;
  return `${path} is on the ${done.name} ${done.mac}, verified: ${counts}${answer}`;
}
