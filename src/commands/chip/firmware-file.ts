import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { readFirmware } from '../../firmware/read-firmware.js';
import type { FirmwareFile } from '../../firmware/read-firmware.js';
import { recognise } from '../../firmware/recognise.js';
import { portInForce } from '../../connecting/port-in-force.js';
import { hasTerminal } from '../../world.js';

/** Stands in messages where a firmware's path would. */
export const standInName = 'the stand-in';

/**
 * The firmware to flash: what was named, else what the config names, else a stand-in for a virtual board, else what a person
 * at the terminal names. Throws `usage/no-firmware`, `file/…`.
 */
export async function chooseFirmware(context: Context, named: string | undefined): Promise<FirmwareFile> {
  const { world, loadSettings, reporter } = context;
  if (named !== undefined) return readNamed(context, named);
  const { values, origins } = await loadSettings();
  if (values.firmware !== undefined) {
    const { kind, name } = origins.firmware;
    // A path in a config file is meant from where that file is.
    const folder = ['project', 'user', 'board', 'secrets'].includes(kind) ? dirname(name) : world.cwd;
    return readNamed(context, values.firmware, folder);
  }
  if ((await portInForce(context)).startsWith('sim:')) {
    reporter.info('no firmware named: a stand-in is written, which only the virtual board runs');
    return standIn();
  }
  if (!hasTerminal(world)) throw new UpywError('usage/no-firmware', {});
  const typed = await world.prompts.input('Which firmware (.bin) is to be written?');
  if (typed.trim() === '') throw new UpywError('usage/no-firmware', {});
  return readNamed(context, typed.trim());
}

const webAddress = /^(https?|ftp):\/\//i;

/** Reads it from where it is, and keeps the name it was given. */
export async function readNamed(
  { world, reporter }: Context,
  name: string,
  folder = world.cwd,
): Promise<FirmwareFile> {
  if (webAddress.test(name)) throw new UpywError('firmware/is-url', { path: name });
  const file = await readFirmware(resolve(folder, name));
  if (file.entry !== undefined) reporter.info(`${name} is an archive; ${file.entry} in it is taken`);
  return { ...file, path: name };
}

async function standIn(): Promise<FirmwareFile> {
  const { buildStandIn } = await import('../../sim/chip/stand-in.js');
  const bytes = buildStandIn();
  return { path: standInName, bytes, recognised: recognise(bytes) };
}
