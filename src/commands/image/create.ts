import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import type { Volume } from '../../images/find-volume.js';
import type { VolumeFormat } from '../../images/image-volume.js';
import { newImage, readVolume } from '../../images/open-image.js';
import { usualBlockBytes } from '../../littlefs/block-device.js';
import { formatBytes, formatCount } from '../../ui/format.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { localKind, requireFolder, writeLocalFile } from '../../local/local-files.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { tellSkipped } from '../../ui/tell-skipped.js';
import { copyOptions } from '../files/copy-options.js';
import { putFolder, readFolderToPut } from '../../copying/folder-to-put.js';

export interface ImageCreateOptions {
  readonly size?: string;
  readonly like?: string;
  readonly fs?: string;
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
  const { sizeBytes, type } = chooseShape(world.cwd, options);
  const path = resolve(world.cwd, file);
  await requireFolder(dirname(path), dirname(file));
  const root = resolve(world.cwd, folder);
  await requireFolder(root, folder);
  if ((await localKind(path)) === 'file')
    await confirmLoss(context, `replace ${file}`, 'What is in it will be lost.');
  const read = await readFolderToPut(root, options);
  tellSkipped(reporter, read.skipped);
  const { image, files } = await newImage(sizeBytes, type, file, () => Date.now());
  await putFolder(files, read, copyOptions(context, 'image', file));
  const [disk] = await files.disks();
  if (!flags.dryRun) await writeLocalFile(path, image, { mode: 0o600 });
  const count = formatCount(read.files.length, 'file');
  const free = formatBytes(disk?.freeBytes ?? 0);
  reporter.result(
    { dryRun: flags.dryRun, path, type, sizeBytes, files: read.files.length, freeBytes: disk?.freeBytes },
    `${flags.dryRun ? 'would write' : 'wrote'} ${file}: ${formatBytes(sizeBytes)}${type === 'fat' ? ' of FAT' : ''}, ${count}, ${free} free`,
  );
}

type Shape = Pick<Volume, 'sizeBytes' | 'type'>;

function chooseShape(cwd: string, { size, like, fs }: ImageCreateOptions): Shape {
  if (size !== undefined && like !== undefined) {
    throw new UpywError('usage/arguments', {
      problem: '--size and --like cannot go together',
      command: 'upyw image create',
    });
  }
  const model = like === undefined ? undefined : readVolume(resolve(cwd, like), like);
  const sizeBytes = model?.sizeBytes ?? parseBytes('--size', size) ?? usualSizeBytes;
  if (sizeBytes < 2 * usualBlockBytes || sizeBytes % usualBlockBytes !== 0) {
    const expected = `a multiple of ${usualBlockBytes}, two of them at least, such as 2M`;
    throw new UpywError('usage/bad-value', { name: '--size', value: String(size), expected });
  }
  return { sizeBytes, type: chooseType(fs) ?? model?.type ?? 'littlefs' };
}

function chooseType(name: string | undefined): VolumeFormat['type'] | undefined {
  if (name === undefined || name === 'littlefs' || name === 'fat') return name;
  throw new UpywError('usage/bad-value', { name: '--fs', value: name, expected: 'littlefs or fat' });
}
