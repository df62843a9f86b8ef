import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { requireFirmware, requirePlace } from '../../firmware/check-firmware.js';
import type { FilesPlace } from '../../firmware/files-place.js';
import type { FirmwareFile } from '../../firmware/read-firmware.js';
import { flashFirmware, requireGrid } from '../../loader/flash-firmware.js';
import type { FlashFirmwareResult } from '../../loader/flash-firmware.js';
import type { Loader } from '../../loader/loader.js';
import { formatBytes, formatCount } from '../../ui/format.js';
import { awaitMicroPython } from '../../connecting/await-micropython.js';
import type { BootReport } from '../../provision/watch-boot.js';
import { concealed } from '../../transport/concealed.js';
import { confirmLoss, boardsAsked } from '../../ui/confirm-loss.js';
import { chooseFirmware, standInName } from './firmware-file.js';
import type { FirmwareFlags } from '../firmware/settle.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { PhaseProgress } from '../../ui/phase-progress.js';
import { describeReport } from '../setup/provision/report.js';
import { seeBoot } from '../setup/provision/see-boot.js';
import {
  type FilesFlags,
  type FilesForFlash,
  type MadeFiles,
  prepareFiles,
} from './flash/files-for-flash.js';
import { word } from '../../errors/word.js';

export interface FlashOptions extends LoaderFlags, FilesFlags, FirmwareFlags {
  readonly keepFiles?: true;
  readonly offset?: string;
  readonly force?: true;
  /** False with `--no-check`. */
  readonly check?: boolean;
}

/** `upyw flash [FIRMWARE]`: makes the chip hold this firmware, the files that were asked for and nothing else, and sees it start. */
export async function flash(
  context: Context,
  firmware: string | undefined,
  options: FlashOptions,
): Promise<void> {
  const { flags, reporter } = context;
  const offset = parseBytes('--offset', options.offset);
  if (offset !== undefined) requireGrid(offset);
  mustGoTogether(options);
  const file = await chooseFirmware(context, firmware, options);
  if (options.force !== true) {
    if (offset === undefined) requireFirmware(file.recognised, file.path);
    else requirePlace(file.recognised, offset, file.path);
  }
  const files = await prepareFiles(context, options);
  await withPort(context, async (port) => {
    await confirmLoss(
      context,
      `write ${file.path} to ${boardsAsked(context, port.name)}`,
      lossOf(options, offset),
    );
    const startMs = context.world.now();
    const done = await withLoader(context, port, options, async (loader) => {
      const result = await write(context, loader, file, { ...options, offset, files });
      const seen = await start(
        context,
        loader,
        result,
        options.check === false ? undefined : result.files?.ssid,
      );
      const { name, mac } = loader.chip;
      return { ...result, name, mac, ...seen };
    });
    const { firmware: written, files: made, joined, ...value } = done;
    const durationMs = Math.round(context.world.now() - startMs);
    reporter.result(
      {
        ...value,
        app: written?.app.app ?? null,
        file: file.path,
        ...(made === undefined ? {} : { files: made.files, filesFreeBytes: made.freeBytes }),
        ...joined,
        port: port.name,
        dryRun: flags.dryRun,
        durationMs,
      },
      summary(done, file.path, flags.dryRun),
    );
  });
}

/** Files come with a whole firmware, in place of those that are there. Throws `usage/arguments`. */
function mustGoTogether(options: FlashOptions): void {
  const command = 'upyw flash';
  const network = namesNetwork(options);
  if (network !== undefined && options.provision !== true) {
    throw new UpywError('usage/arguments', { problem: `${network} needs --provision`, command });
  }
  const asked = options.with === undefined ? options.provision && '--provision' : '--with';
  const against = options.keepFiles === true ? '--keep-files' : options.offset && '--offset';
  if (asked === undefined || against === undefined) return;
  throw new UpywError('usage/arguments', { problem: `${asked} and ${against} cannot go together`, command });
}

function namesNetwork({ ssid, password, passwordStdin }: FlashOptions): string | undefined {
  if (ssid !== undefined) return '--ssid';
  if (password !== undefined) return '--password';
  return passwordStdin === true ? '--password-stdin' : undefined;
}

function lossOf({ keepFiles, with: folder }: FlashOptions, offset: number | undefined): string {
  if (offset !== undefined) return 'What is at that place now is lost.';
  if (folder !== undefined)
    return `Everything on it is lost; it gets the files of the folder ${folder} instead.`;
  return keepFiles === true
    ? 'Its firmware is replaced; its files stay.'
    : 'Everything on it is lost, its files too (--keep-files keeps them).';
}

async function write(
  { flags, reporter, world }: Context,
  loader: Loader,
  file: FirmwareFile,
  { keepFiles, offset, force, files }: WriteOptions,
): Promise<Written> {
  const progress = new PhaseProgress(reporter, 'flash');
  let made: MadeFiles | undefined;
  const makeFiles = async (place: FilesPlace): Promise<Uint8Array> => {
    made = await files?.make(place, loader.chip.mac);
    return made?.image ?? new Uint8Array(0);
  };
  const work = () =>
    flashFirmware(loader, file, {
      keepFiles,
      offset,
      force,
      ...(files === undefined ? {} : { makeFiles }),
      dryRun: flags.dryRun,
      onProgress: progress.update,
      signal: world.signal,
      repeatCommand: repeatCommand(loader, file, files),
    });
  try {
    const result = await (files?.isSecret === true ? concealed(loader.port, work) : work());
    return { ...result, files: made };
  } finally {
    progress.stop();
  }
}

type WriteOptions = Pick<FlashOptions, 'keepFiles' | 'force'> & {
  readonly offset: number | undefined;
  readonly files: FilesForFlash | undefined;
};

type Written = FlashFirmwareResult & { readonly files: MadeFiles | undefined };

/** Undefined where the loader's own is right. */
function repeatCommand(
  { port }: Loader,
  { path }: FirmwareFile,
  files: FilesForFlash | undefined,
): string | undefined {
  if (path === standInName) return `upyw flash -p ${port.name}${files?.flags ?? ''}`;
  return files && `upyw flash ${word(path)}${files.flags}`;
}

/** What was seen of the first start. */
interface Seen {
  readonly micropython?: string;
  readonly joined?: BootReport & { readonly ssid: string };
}

/** Sees MicroPython start, and join `ssid` where it is to; nothing is seen of what is not MicroPython, or cannot be restarted from here. */
async function start(
  context: Context,
  loader: Loader,
  { firmware }: FlashFirmwareResult,
  ssid: string | undefined,
): Promise<Seen> {
  const { port } = loader;
  if (context.flags.dryRun || firmware?.app.micropython === undefined) return {};
  if (!port.capabilities.lines) {
    context.reporter.warn(`${port.name} has no reset line: tap EN (RST) to start the board`);
    return {};
  }
  const restart = () => loader.leave();
  if (ssid !== undefined)
    return { joined: { ssid, ...(await seeBoot(context, port, () => ({ restart }), ssid)) } };
  return { micropython: (await awaitMicroPython(context, port, restart)).version };
}

type Done = Written & Seen & { readonly name: string; readonly mac: string };

function summary(done: Done, path: string, dryRun: boolean): string {
  const counts = [
    `${formatBytes(done.writtenBytes)} ${dryRun ? 'to write' : 'written'}`,
    `${formatBytes(done.erasedBytes)} ${dryRun ? 'to erase' : 'erased'}`,
    `${formatBytes(done.unchangedBytes)} as it was`,
  ].join(', ');
  const files = done.files === undefined ? '' : ` and ${formatCount(done.files.files, 'file')}`;
  if (dryRun) return `would write ${path}${files} to the ${done.name} ${done.mac}: ${counts}`;
  const lines = [
    `${path}${files} ${files === '' ? 'is' : 'are'} on the ${done.name} ${done.mac}, verified: ${counts}`,
    ...(done.micropython === undefined ? [] : [`MicroPython ${done.micropython} answers`]),
    ...(done.joined === undefined ? [] : [describeReport(done.joined.ssid, done.joined)]),
  ];
  return lines.join('\n');
}
