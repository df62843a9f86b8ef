import { kind } from './define.js';

/** File system images, and backups as such. */
export const imageErrors = {
  'image/no-file-system': kind<{ path: string; is: string }>({
    exitCode: 1,
    message: ({ path, is }) => `there are no files of a board in ${path}: it is ${is}`,
    hint: () =>
      'Name a backup (upyw backup FILE) of a board that has started MicroPython once, or make an image: upyw image create FOLDER FILE',
  }),
  'image/damaged': kind<{ path: string; problem: string }>({
    exitCode: 1,
    message: ({ path, problem }) => `the file system in ${path} is damaged: ${problem}`,
    hint: () => 'Other files in it may still be readable, one by one. Nothing was changed',
  }),
  'image/too-small': kind<{ sizeBytes: number; type: string }>({
    exitCode: 1,
    message: ({ sizeBytes, type }) =>
      `${sizeBytes} bytes are not enough for a ${type === 'fat' ? 'FAT' : type} file system`,
    hint: () => 'Nothing was written. Give it more room: upyw image create FOLDER FILE --size 2M',
  }),
  'image/changed': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} was changed by another program meanwhile`,
    hint: () => 'Repeat the command. Nothing was changed by this one',
  }),
  'image/no-board': kind<{ path: string }>({
    exitCode: 2,
    message: ({ path }) => `${path} is an image, and this command needs a board`,
    hint: () =>
      'On an image work: ls, tree, cat, get, put, sync, cp, mv, touch, rm, mkdir, rmdir, sha256sum, df, mip, provision',
  }),
};
