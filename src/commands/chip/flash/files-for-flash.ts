import { resolve } from 'node:path';
import type { FileStore } from '../../../board/file-store.js';
import type { LoadedSettings } from '../../../config/load-settings.js';
import type { Context } from '../../../context.js';
import type { CopyOptions } from '../../../copying/copy-options.js';
import { type FolderToPut, putFolder, readFolderToPut } from '../../../copying/folder-to-put.js';
import { holdsSecret } from '../../../copying/holds-secret.js';
import type { FileToPut } from '../../../copying/put-plan.js';
import { UpywError, isUpywError } from '../../../errors.js';
import { word } from '../../../errors/word.js';
import type { FilesPlace } from '../../../firmware/files-place.js';
import { usualType } from '../../../images/find-volume.js';
import type { ImageFiles } from '../../../images/image-files.js';
import { newImage } from '../../../images/open-image.js';
import { requireFolder } from '../../../local/local-files.js';
import { applyPlan } from '../../../provision/apply.js';
import { planProvision } from '../../../provision/plan.js';
import { wantedFiles } from '../../../provision/wanted-files.js';
import { shownPath } from '../../../ui/shown-path.js';
import { tellSkipped } from '../../../ui/tell-skipped.js';
import { putPackages, readyPackages } from '../../setup/provision/packages.js';
import { provisionSettings } from '../../setup/provision/wifi-settings.js';
import type { SettingFlags } from '../../setup/provision/wifi-settings.js';

export interface FilesFlags extends Pick<SettingFlags, 'ssid' | 'password' | 'passwordStdin'> {
  readonly with?: string;
  readonly provision?: true;
  readonly outsideLinks?: true;
}

/** What becomes of the board's files in the same write as the firmware. */
export interface FilesForFlash {
  /** The file system for that place; whatever chip it is made for, it is the same byte for byte. Throws `firmware/files-too-large`, `file/…`. */
  readonly make: (place: FilesPlace, mac: string) => Promise<MadeFiles>;
  /** They hold a password or the like. */
  readonly isSecret: boolean;
  /** How they were asked for, for a command that repeats this one. */
  readonly flags: string;
}

/** A file system, ready to be written. */
export interface MadeFiles {
  readonly image: Uint8Array;
  readonly files: number;
  readonly freeBytes: number;
  /** The network that the board will join at its start. */
  readonly ssid: string | undefined;
}

/** As a board dates its own files that nobody has told the time: 2000-01-01, in ms since 1970. So all boards come out alike. */
const fileTime = Date.UTC(2000, 0, 1);

/** Reads what `--with` and `--provision` ask for, before any port is opened. Undefined where neither was given. Throws `file/…`, `config/…`, `usage/…`. */
export async function prepareFiles(context: Context, flags: FilesFlags): Promise<FilesForFlash | undefined> {
  if (flags.with === undefined && flags.provision !== true) return undefined;
  const folder = flags.with === undefined ? undefined : await readFolder(context, flags.with, flags);
  const settings = flags.provision === true ? await provisionSettings(context, flags) : undefined;
  const packages = settings === undefined ? undefined : await readyPackages(context, settings);
  const ssid = settings?.values['wifi.ssid'];
  const given = [
    ...(flags.with === undefined ? [] : [`--with ${word(flags.with)}`]),
    ...(flags.provision === true ? ['--provision'] : []),
    ...(flags.ssid === undefined ? [] : [`--ssid ${word(flags.ssid)}`]),
    ...(flags.passwordStdin === true ? ['--password-stdin'] : []),
  ];
  const named = flags.with ?? 'what --provision puts on a board';
  return {
    make: async (place, mac) => {
      const own = settings?.mayDiffer === true ? await context.settingsFor(mac) : settings;
      const alike = JSON.stringify([place.sizeBytes, usualType(place), own?.values, own?.origins]);
      return context.once(`files ${alike}`, () =>
        buildFiles(context, place, { named, folder, packages, own }),
      );
    },
    isSecret: ssid !== undefined || (await holdsAny(folder?.files ?? [])),
    flags: given.map((flag) => ` ${flag}`).join(''),
  };
}

/** What goes into the files of a board. */
interface FilesContent {
  /** What was asked for, as it was typed. */
  readonly named: string;
  readonly folder: FolderToPut | undefined;
  readonly packages: Awaited<ReturnType<typeof readyPackages>>;
  /** What is provisioned. */
  readonly own: LoadedSettings | undefined;
}

/** Makes a file system in memory. Throws `firmware/files-too-large`. */
async function buildFiles(context: Context, place: FilesPlace, content: FilesContent): Promise<MadeFiles> {
  const { named, folder, packages, own } = content;
  const { sizeBytes } = place;
  const { image, files } = await newImage(sizeBytes, usualType(place), named, () => fileTime);
  try {
    if (folder !== undefined) await putFolder(files, folder, unseen(context));
    await putPackages(quiet(context), { store: files, live: undefined }, packages);
    if (own !== undefined) await putProvision(context, files, own);
  } catch (error) {
    if (!isUpywError(error, 'board/no-space')) throw error;
    throw new UpywError('firmware/files-too-large', { named, availableBytes: sizeBytes }, { cause: error });
  }
  return {
    image,
    files: await countFiles(files),
    freeBytes: (await files.disks())[0]?.freeBytes ?? 0,
    ssid: own?.values['wifi.ssid'],
  };
}

async function readFolder(
  { reporter, world, once }: Context,
  named: string,
  flags: FilesFlags,
): Promise<FolderToPut> {
  const root = resolve(world.cwd, named);
  await requireFolder(root, named);
  const folder = await once(`the folder ${root}`, () => readFolderToPut(root, flags));
  tellSkipped(reporter, folder.skipped);
  return folder;
}

/** Of an image in memory nobody asks anything, and a dry run makes it, too: to see whether it fits. */
function quiet(context: Context): Context {
  return { ...context, flags: { ...context.flags, dryRun: false, yes: true } };
}

/** No bar: it is done in memory before one could be seen. */
function unseen({ world }: Context): CopyOptions {
  return { signal: world.signal, during: (_phase, _files, work) => work(() => undefined) };
}

async function holdsAny(files: readonly FileToPut[]): Promise<boolean> {
  for (const file of files) if (await holdsSecret(file)) return true;
  return false;
}

async function putProvision(
  { reporter, world }: Context,
  files: FileStore,
  settings: LoadedSettings,
): Promise<void> {
  const startsWifi = settings.values['wifi.ssid'] !== undefined;
  const wanted = await wantedFiles(settings, { cwd: world.cwd, replaceMain: false, startsWifi });
  const { signal } = world;
  const plan = await planProvision(files, wanted, { conceal: (work) => work(), startsWifi, signal });
  for (const { oldPath, path } of plan.kept) {
    reporter.warn(
      `${shownPath(oldPath)} of the folder is kept as ${shownPath(path)}: provisioning has one of its own`,
    );
  }
  await applyPlan(files, plan, { signal });
}

async function countFiles(files: ImageFiles): Promise<number> {
  const entries = await files.list('', { recursive: true });
  return entries.filter(({ type }) => type === 'file').length;
}
