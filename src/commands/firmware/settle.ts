import { type ChipAtHand, boardForChip } from '../../catalogue/board-for-chip.js';
import type { ReleaseWish } from '../../catalogue/choose-release.js';
import { type LockedFirmware, readLock } from '../../catalogue/lock-file.js';
import { parseBoard, parseVersion } from '../../catalogue/release.js';
import type { Settings } from '../../config/keys.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { lockPath } from '../../local/lock-parts.js';

/** What says which firmware is meant. */
export interface FirmwareFlags {
  readonly board?: string;
  readonly variant?: string;
  readonly version?: string;
  readonly preview?: true;
  /** Take what is newest now, and hold the project to that. */
  readonly update?: true;
  readonly refresh?: true;
}

/** What was settled on, and why. */
export type Settled = {
  /** Reads on behind the name: `since this is an ESP32-S3`. */
  readonly why: string;
  /** Where what is used is to be noted. */
  readonly lockTo?: string;
} & (
  | { readonly kind: 'locked'; readonly locked: LockedFirmware; readonly lock: string }
  | { readonly kind: 'wish'; readonly wish: ReleaseWish }
);

/**
 * What the flags, else the project's lock, else its config say; undefined: only the chip can.
 * @throws UpywError `usage/…`, `firmware/lock`
 */
export async function settle(context: Context, flags: FirmwareFlags): Promise<Settled | undefined> {
  refuseOddVersion(flags);
  const { values, projectPath } = await context.loadSettings();
  const lock = projectPath === undefined ? undefined : lockPath(projectPath);
  const locked =
    lock === undefined || flags.update === true || isAsked(flags) ? undefined : await readLock(lock);
  const wished = wishedBy(flags, values);
  if (lock !== undefined && locked !== undefined && fits(locked, wished)) {
    return { kind: 'locked', locked, lock, why: `since ${lock} holds this project to it` };
  }
  if (wished.board === undefined) return undefined;
  const why =
    flags.board === undefined ? "since the project's configuration names that board" : 'as you said';
  return {
    kind: 'wish',
    wish: wishFor(wished.board, wished, flags.preview),
    why,
    ...lockTo(projectPath, flags),
  };
}

/** The same, for the chip that hangs on the port in force where nothing else says it; that restarts the board. */
export async function settleWithChip(context: Context, flags: FirmwareFlags): Promise<Settled> {
  const settled = await settle(context, flags);
  if (settled !== undefined) return settled;
  const { values, projectPath } = await context.loadSettings();
  const chip = await chipAtHand(context);
  const chosen = boardForChip(chip);
  if (chosen === undefined) throw new UpywError('firmware/none-for-chip', { chip: chip.name });
  const { variant = chosen.variant, version } = wishedBy(flags, values);
  const wish = { ...wishFor(chosen.board, { version }, flags.preview), variant };
  return { kind: 'wish', wish, why: `since ${chosen.why}`, ...lockTo(projectPath, flags) };
}

interface Wished {
  readonly board: string | undefined;
  readonly variant: string | undefined;
  readonly version: string | undefined;
}

/** By the flags, else the config. What the config says of its board does not hold for another. */
function wishedBy(flags: FirmwareFlags, values: Settings): Wished {
  const config = flags.board === undefined ? values : undefined;
  return {
    board: flags.board ?? values['firmware.board'],
    variant: flags.variant ?? config?.['firmware.variant'],
    version: flags.version ?? (flags.preview === true ? undefined : config?.['firmware.version']),
  };
}

/** Whether another one than the project's is wanted this time. */
function isAsked({ board, variant, version, preview }: FirmwareFlags): boolean {
  return (board ?? variant ?? version ?? preview) !== undefined;
}

function lockTo(projectPath: string | undefined, flags: FirmwareFlags): Pick<Settled, 'lockTo'> {
  const isLocked = projectPath !== undefined && (!isAsked(flags) || flags.update === true);
  return isLocked ? { lockTo: lockPath(projectPath) } : {};
}

function refuseOddVersion({ version, preview }: FirmwareFlags): void {
  if (version === undefined || parseVersion(version) !== undefined) return;
  if (/^v?\d+\.\d+(?:\.\d+)?-preview/.test(version) || preview === true) return;
  const expected = 'a version of MicroPython, such as 1.26.1';
  throw new UpywError('usage/bad-value', { name: '--version', value: version, expected });
}

function wishFor(
  named: string,
  { variant, version }: { variant?: string | undefined; version?: string | undefined },
  preview: true | undefined,
): ReleaseWish {
  const parsed = parseBoard(named);
  return { board: parsed.board, variant: variant ?? parsed.variant, version, preview };
}

/** A config that has changed since counts more than what was noted under the old one. */
function fits(locked: LockedFirmware, wished: Wished): boolean {
  const { board, variant } = parseBoard(wished.board ?? locked.board);
  const version = wished.version?.replace(/^v?/, 'v');
  return (
    board === locked.board &&
    (wished.variant ?? (wished.board === undefined ? locked.variant : variant)) === locked.variant &&
    (version === undefined || locked.version === version || locked.version.startsWith(`${version}.`))
  );
}

async function chipAtHand(context: Context): Promise<ChipAtHand> {
  return withPort(context, (port) =>
    withLoader(context, port, {}, ({ chip, description, flash }) =>
      Promise.resolve({
        name: chip.name,
        features: description.features,
        model: description.model,
        flashSizeBytes: flash.sizeBytes,
      }),
    ),
  );
}
