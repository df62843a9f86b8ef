import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError, isUpywError } from '../../errors.js';
import { type EspImage, isIntact } from '../../firmware/esp-image.js';
import type { Partition } from '../../firmware/partition-table.js';
import { readFirmware } from '../../firmware/read-firmware.js';
import type { Recognised } from '../../firmware/recognised.js';
import { findVolume } from '../../images/find-volume.js';
import { mountIn } from '../../images/open-image.js';
import type { ImageVolume, VolumeFormat } from '../../images/image-volume.js';
import { formatBytes, formatTable } from '../../ui/format.js';
import { hexOf, nameApp, partitionRow, partitionTable } from '../../ui/describe-firmware.js';

/** What is known of a file system in an image. */
interface FileSystemReport extends VolumeFormat {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly files: number;
}

/** `upyw image info FILE`: what a file is, for anything that `flash` or `restore` takes or refuses; nothing is connected to. */
export async function imageInfo({ reporter, world }: Context, file: string): Promise<void> {
  const { bytes, recognised, entry } = await readFirmware(resolve(world.cwd, file));
  const report = {
    path: file,
    ...(entry === undefined ? {} : { entry }),
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...describeRecognised(recognised),
    fileSystem: await describeFiles(bytes, file),
  };
  reporter.result(report, asText(report));
}

interface Facts {
  readonly kind: string;
  readonly use: string;
  readonly chip?: string;
  readonly flashOffset?: number;
  readonly app?: string;
  readonly checksums?: string;
  readonly partitions: readonly Partition[];
}

function describeRecognised(file: Recognised): Facts {
  switch (file.kind) {
    case 'firmware': {
      const { chip, flashOffset, app, partitions } = file;
      const use = 'upyw flash takes it';
      return { kind: 'a firmware', use, chip: chip.name, flashOffset, ...ofApp(app), partitions };
    }
    case 'backup': {
      const chip = file.chip === undefined ? {} : { chip: file.chip.name };
      const app = file.app === undefined ? {} : ofApp(file.app);
      const { partitions } = file;
      return {
        kind: 'a backup of a chip',
        use: 'upyw restore takes it',
        ...chip,
        flashOffset: 0,
        ...app,
        partitions,
      };
    }
    case 'application':
    case 'bootloader': {
      const use = `upyw flash takes it with --offset ${file.kind === 'application' ? '0x10000' : hexOf(file.chip.bootloaderOffset)}`;
      return {
        kind: `only ${file.kind === 'application' ? 'an' : 'a'} ${file.kind}`,
        use,
        chip: file.chip.name,
        ...ofApp(file.image),
        partitions: [],
      };
    }
    case 'partial-backup':
      return { kind: 'part of a backup, cut off', use: 'neither flash nor restore takes it', partitions: [] };
    case 'damaged':
      return {
        kind: `damaged: in its ${file.part} ${file.problem}`,
        use: 'neither flash nor restore takes it',
        partitions: [],
      };
    case 'part': {
      const place = file.usualOffset === undefined ? 'ADDRESS' : hexOf(file.usualOffset);
      return { kind: file.part, use: `upyw flash takes it with --offset ${place}`, partitions: [] };
    }
    case 'other':
      return { kind: file.looksLike, use: 'neither flash nor restore takes it', partitions: [] };
  }
}

function ofApp(image: EspImage): Pick<Facts, 'app' | 'checksums'> {
  const { app: description, micropython } = image;
  return { app: nameApp({ micropython, description }), checksums: isIntact(image) ? 'right' : 'wrong' };
}

/** Null where there is none, or none that can be read: why is told then. */
async function describeFiles(
  bytes: Uint8Array,
  path: string,
): Promise<FileSystemReport | { readonly problem: string } | null> {
  const volume = findVolume(bytes);
  if (volume === undefined || !('offset' in volume)) return null;
  try {
    const fs = await mountIn(bytes, path);
    const { blockBytes, blockCount, usedBlocks } = fs.space();
    return {
      ...fs.format,
      sizeBytes: blockBytes * blockCount,
      usedBytes: blockBytes * usedBlocks,
      files: countFiles(fs, ''),
    };
  } catch (error) {
    if (isUpywError(error, 'image/damaged', 'image/no-file-system')) return { problem: error.message };
    throw new UpywError('image/damaged', { path, problem: String(error) }, { cause: error });
  }
}

function countFiles(fs: ImageVolume, folder: string): number {
  return fs
    .list(folder)
    .map(({ name, type }) => (type === 'folder' ? countFiles(fs, `${folder}/${name}`) : 1))
    .reduce((sum, count) => sum + count, 0);
}

interface Report extends Facts {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly fileSystem: Awaited<ReturnType<typeof describeFiles>>;
}

function asText(report: Report): string {
  const { kind, use, chip, flashOffset, app, checksums, partitions, sizeBytes, sha256, fileSystem } = report;
  const rows: [string, string | undefined][] = [
    ['file', `${report.path}, ${formatBytes(sizeBytes)}`],
    ['what', kind],
    ['use', use],
    ['chip', chip],
    ['begins at', flashOffset === undefined ? undefined : hexOf(flashOffset)],
    ['app', app],
    ['checksums', checksums],
    ['SHA-256', sha256],
    ['files', fileSystem === null ? undefined : describeSystem(fileSystem)],
  ];
  const facts = formatTable(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  if (partitions.length === 0) return facts;
  return [facts, '', partitionTable(partitions.map(partitionRow))].join('\n');
}

function describeSystem(system: NonNullable<Report['fileSystem']>): string {
  if ('problem' in system) return system.problem;
  const { type, version, sizeBytes, usedBytes, files } = system;
  return `${type === 'fat' ? 'FAT' : `${type} `}${version}, ${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)} used, files: ${files}`;
}
