import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { readFirmware } from '../../firmware/read-firmware.js';
import type { FirmwareFile } from '../../firmware/read-firmware.js';
import { recognise } from '../../firmware/recognise.js';
import { portInForce } from '../../connecting/port-in-force.js';
import type { FirmwareFlags, Settled } from '../firmware/settle.js';

/** Stands in messages where a firmware's path would. */
export const standInName = 'the stand-in';

/**
 * The firmware to flash: what was named, else the file that the config names, else what the project's lock, its config or the chip at
 * hand says, from the cache or the net. For a virtual board of which nothing is said it is a stand-in. Throws `usage/…`, `file/…`, `firmware/…`, `net/…`.
 */
export async function chooseFirmware(
  context: Context,
  named: string | undefined,
  flags: FirmwareFlags & { readonly offset?: string },
): Promise<FirmwareFile> {
  const { world, loadSettings } = context;
  const asked = askedRelease(flags);
  if (named !== undefined) {
    if (asked === undefined) return readNamed(context, named);
    const problem = `a file and ${asked} cannot go together`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw flash' });
  }
  const { values, origins } = await loadSettings();
  if (values.firmware !== undefined && asked === undefined) {
    const { kind, name } = origins.firmware;
    // A path in a config file is meant from where that file is.
    const folder = ['project', 'user', 'board', 'secrets'].includes(kind) ? dirname(name) : world.cwd;
    return readNamed(context, values.firmware, folder);
  }
  // What goes to a place of its own is one part, which only its user knows.
  if (flags.offset !== undefined) throw new UpywError('usage/no-firmware', {});
  const { settle, settleWithChip } = await import('../firmware/settle.js');
  const settled = await settle(context, flags);
  // Only the virtual board runs it, and most people try that one without the internet.
  const isNothingSaid = settled === undefined && asked === undefined && values['firmware.url'] === undefined;
  if (isNothingSaid && (await portInForce(context)).startsWith('sim:')) return standIn(context);
  return download(context, settled ?? (await settleWithChip(context, flags)), flags);
}

/** A flag that says which release is meant. */
function askedRelease({ board, variant, version, preview, update }: FirmwareFlags): string | undefined {
  if (board !== undefined) return '--board';
  if (variant !== undefined) return '--variant';
  if (version !== undefined) return '--version';
  if (preview === true) return '--preview';
  return update === true ? '--update' : undefined;
}

async function download(context: Context, settled: Settled, flags: FirmwareFlags): Promise<FirmwareFile> {
  const [{ withStore }, { provide }] = await Promise.all([
    import('../firmware/open-store.js'),
    import('../firmware/provide.js'),
  ]);
  return withStore(context, flags, async ({ store }) => {
    const { file } = await provide(context, store, settled, { asks: true });
    return { path: file.name, bytes: file.bytes, recognised: recognise(file.bytes) };
  });
}

const webAddress = /^(https?|ftp):\/\//i;

/** Reads it from where it is, and keeps the name it was given. */
export async function readNamed(
  { world, reporter, once }: Context,
  name: string,
  folder = world.cwd,
): Promise<FirmwareFile> {
  if (webAddress.test(name)) throw new UpywError('firmware/is-url', { path: name });
  const path = resolve(folder, name);
  const file = await once(`the firmware ${path}`, () => readFirmware(path));
  if (file.entry !== undefined) reporter.info(`${name} is an archive; ${file.entry} in it is taken`);
  return { ...file, path: name };
}

async function standIn({ reporter }: Context): Promise<FirmwareFile> {
  reporter.info('no firmware named: a stand-in is written, which only the virtual board runs');
  const { buildStandIn } = await import('../../sim/chip/stand-in.js');
  const bytes = buildStandIn();
  return { path: standInName, bytes, recognised: recognise(bytes) };
}
