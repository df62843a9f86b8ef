import type { ImageCreateOptions } from '../commands/image/create.js';
import type { CommandGroup } from './definition.js';

/** `upyw image …`: files of a board in a file of this computer; as a port such a file is named with `-p image:FILE`. */
export const imageCommands: CommandGroup = {
  commands: [
    {
      call: 'image',
      summary: 'look into backups and file system images, and make one',
      examples: [
        {
          line: 'upyw -p image:backup.bin ls',
          what: 'the files in a backup; cat, get, put, sync, rm … work too',
        },
        { line: 'upyw image info backup.bin', what: 'what a file is' },
        { line: 'upyw image create src files.bin', what: 'a file system with what is in a folder' },
        { line: 'upyw image diff backup.bin src', what: 'what differs' },
      ],
      flags: [],
      commands: [
        {
          call: 'info <file>',
          summary: 'what a file is: firmware, backup, file system; for which chip, and what is in it',
          examples: [{ line: 'upyw image info backup.bin' }, { line: 'upyw image info firmware.bin --json' }],
          flags: ['--json'],
          run: async (context, file: string) =>
            (await import('../commands/image/info.js')).imageInfo(context, file),
        },
        {
          call: 'create <folder> <file>',
          summary: 'make a file system with what is in a folder',
          options: [
            { flags: '--size <bytes>', what: 'how large: 2M by itself, as on boards with 4 MB of flash' },
            { flags: '--like <backup>', what: "as large as the files' place in that backup" },
            { flags: '--fs <type>', what: 'littlefs, or fat as in a partition called ffat (littlefs)' },
            { flags: '--outside-links', what: 'follow links that lead out of the folder' },
          ],
          examples: [
            { line: 'upyw image create src files.bin' },
            { line: 'upyw image create src files.bin --size 1M' },
            { line: 'upyw image create src files.bin --like backup.bin' },
            { line: 'upyw image create src files.bin --fs fat' },
          ],
          flags: ['--yes', '--dry-run', '--json'],
          run: async (context, folder: string, file: string, options: ImageCreateOptions) =>
            (await import('../commands/image/create.js')).imageCreate(context, folder, file, options),
        },
        {
          call: 'diff <left> [right]',
          summary: 'what is only in one of two images, folders, or an image and the board, and what differs',
          examples: [
            { line: 'upyw image diff old.bin new.bin' },
            { line: 'upyw image diff backup.bin src' },
            { line: 'upyw image diff backup.bin', what: 'against the board' },
          ],
          flags: ['--port', '--json'],
          run: async (context, left: string, right: string | undefined) =>
            (await import('../commands/image/diff.js')).imageDiff(context, left, right),
        },
      ],
    },
  ],
};
