import type { Command } from 'commander';
import type { ImageCreateOptions } from '../commands/image/create.js';
import { type Choose, declare } from './declare.js';

/** `upyw image …`: files of a board in a file of this computer; as a port such a file is named with `-p image:FILE`. */
export function addImageCommands(program: Command, choose: Choose): void {
  const image = declare(
    program,
    'image',
    'look into backups and file system images, and make one',
    'upyw -p image:backup.bin ls      the files in a backup; cat, get, put, sync, rm … work too',
    'upyw image info backup.bin       what a file is',
    'upyw image create src files.bin  a file system with what is in a folder',
    'upyw image diff backup.bin src   what differs',
  );
  declare(
    image,
    'info <file>',
    'what a file is: firmware, backup, file system; for which chip, and what is in it',
    'upyw image info backup.bin',
    'upyw image info firmware.bin --json',
  ).action((file: string) => {
    choose(async (context) => (await import('../commands/image/info.js')).imageInfo(context, file));
  });
  declare(
    image,
    'create <folder> <file>',
    'make a file system with what is in a folder',
    'upyw image create src files.bin',
    'upyw image create src files.bin --size 1M',
    'upyw image create src files.bin --like backup.bin',
    'upyw image create src files.bin --fs fat',
  )
    .option('--size <bytes>', 'how large: 2M by itself, as on boards with 4 MB of flash')
    .option('--like <backup>', "as large as the files' place in that backup")
    .option('--fs <type>', 'littlefs, or fat as in a partition called ffat (littlefs)')
    .option('--outside-links', 'follow links that lead out of the folder')
    .action((folder: string, file: string, options: ImageCreateOptions) => {
      choose(async (context) =>
        (await import('../commands/image/create.js')).imageCreate(context, folder, file, options),
      );
    });
  declare(
    image,
    'diff <left> [right]',
    'what is only in one of two images, folders, or an image and the board, and what differs',
    'upyw image diff old.bin new.bin',
    'upyw image diff backup.bin src',
    'upyw image diff backup.bin       against the board',
  ).action((left: string, right: string | undefined) => {
    choose(async (context) => (await import('../commands/image/diff.js')).imageDiff(context, left, right));
  });
}
