import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { newImage, volumeBytes } from '../../images/open-image.js';
import { usualBlockBytes } from '../../littlefs/block-device.js';
import { formatBytes, formatCount } from '../../ui/format.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { localKind, noFolder, writeLocalFile } from '../../local/local-files.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { writeLocalFiles } from '../../copying/write-local-files.js';
import { tellSkipped } from '../../ui/tell-skipped.js';
import { copyOptions } from '../files/copy-options.js';
import { readWanted } from '../../copying/read-wanted.js';

export interface ImageCreateOptions {
  readonly size?: string;
  readonly like?: string;
  readonly outsideLinks?: true;
}

/** The place of the files on a board with 4 MB of flash. */
const usualSizeBytes = 0x200000;

/** `upyw image create FOLDER FILE`: a file system with what is in the folder, as `sync` would put it on a board. */
export async function imageCreate(
  context: Context,
  folder: string,
  file: string,
  options: ImageCreateOptions,
): Promise<void> {
  const { flags, reporter, world } = context;
  const sizeBytes = await chooseSize(world.cwd, options);
  const path = resolve(world.cwd, file);
  const above = await localKind(dirname(path));
  if (above !== 'folder') throw noFolder(dirname(file), above);
  const root = resolve(world.cwd, folder);
  const kind = await localKind(root);
  if (kind !== 'folder') throw noFolder(folder, kind);
  if ((await localKind(path)) === 'file')
    await confirmLoss(context, `replace ${file}`, 'What is in it will be lost.');
  const read = await readWanted(root, { outsideLinks: options.outsideLinks });
  tellSkipped(reporter, read.skipped);
  const { image, files } = newImage(sizeBytes, file, () => Date.now());
  await files.makeFolders(read.folders, { parents: true });
  const placed = read.files.map((each) => ({ ...each, remote: each.path }));
  await writeLocalFiles(files, placed, copyOptions(context, 'image', file));
  const [disk] = await files.disks();
  if (!flags.dryRun) await writeLocalFile(path, image, { mode: 0o600 });
  const count = formatCount(placed.length, 'file');
  const free = formatBytes(disk?.freeBytes ?? 0);
  reporter.result(
    { dryRun: flags.dryRun, path, sizeBytes, files: placed.length, freeBytes: disk?.freeBytes },
    `${flags.dryRun ? 'would write' : 'wrote'} ${file}: ${formatBytes(sizeBytes)}, ${count}, ${free} free`,
  );
}

async function chooseSize(cwd: string, { size, like }: ImageCreateOptions): Promise<number> {
  if (size !== undefined && like !== undefined) {
    throw new UpywError('usage/arguments', {
      problem: '--size and --like cannot go together',
      command: 'upyw image create',
    });
  }
  const sizeBytes =
    like === undefined ? parseBytes('--size', size) : await volumeBytes(resolve(cwd, like), like);
  const chosen = sizeBytes ?? usualSizeBytes;
  if (chosen < 2 * usualBlockBytes || chosen % usualBlockBytes !== 0) {
    const expected = `a multiple of ${usualBlockBytes}, two of them at least, such as 2M`;
    throw new UpywError('usage/bad-value', { name: '--size', value: String(size), expected });
  }
  return chosen;
}
