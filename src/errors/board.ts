import { kind } from './define.js';
import { word } from './word.js';

/** The file that holds the file system, where that is no board's. */
export interface InImage {
  readonly image?: string;
}

const where = (image: string | undefined): string => (image === undefined ? 'on the board' : `in ${image}`);

/** The root, or the current folder, which is the root unless a program has changed it. */
const isWholeBoard = (path: string): boolean => ['', '.', '/'].includes(path);

/** What the board's file system, or code that upyw itself runs there, can answer. */
export const boardErrors = {
  'board/exception': kind<{ traceback: string; exception: string }>({
    exitCode: 1,
    message: ({ exception }) => `the board raised ${exception}`,
    hint: () => 'Repeat with --verbose to see the traceback; upyw reset brings the board to a known state',
  }),
  'board/not-found': kind<InImage & { path: string; asFolder?: boolean; noneRemoved?: boolean }>({
    exitCode: 1,
    message: ({ path, image, asFolder, noneRemoved }) =>
      `there is no ${asFolder === true ? 'folder ' : ''}${path} ${where(image)}${noneRemoved === true ? '; nothing was removed' : ''}`,
    hint: ({ path, asFolder }) =>
      asFolder === true ? `Make it first: upyw mkdir -p ${word(`:${path}`)}` : 'See what is there: upyw tree',
  }),
  'board/no-file-system': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `there is no file system on the board for ${path}: nothing is mounted there`,
    hint: () =>
      'If a program unmounted it, upyw reset mounts it again. Else it is damaged, or another firmware keeps it elsewhere: upyw backup board.bin saves what is there, then make a new one: upyw exec "import inisetup; inisetup.setup()"',
  }),
  'board/exists': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} is there already`,
    hint: ({ path }) =>
      `Nothing was changed. See what it is: upyw ls ${word(`:${path}`)}. Where a folder may be there already: upyw mkdir -p ${word(`:${path}`)}`,
  }),
  'board/in-the-way': kind<{ path: string; found: 'file' | 'folder' }>({
    exitCode: 1,
    message: ({ path, found }) =>
      `${path} on the board is a ${found}, and a ${found === 'file' ? 'folder' : 'file'} of that name is to go there`,
    hint: ({ path }) =>
      `Remove it first: upyw rm -r ${word(`:${path}`)}, or have upyw sync --delete do that. Nothing was changed`,
  }),
  'board/is-folder': kind<InImage & { path: string; recursive?: boolean; noneRemoved?: boolean }>({
    exitCode: 1,
    message: ({ path, image, noneRemoved }) =>
      (isWholeBoard(path)
        ? `${path} is all that is ${where(image)}`
        : `${path} ${where(image)} is a folder`) + (noneRemoved === true ? '; nothing was removed' : ''),
    hint: ({ path, recursive }) => {
      if (recursive !== true) return 'Name a file; see what is there: upyw tree';
      return isWholeBoard(path)
        ? 'Name a file; see what is there: upyw tree. With -r the command would work on every file of the board'
        : 'Name a file, or add -r to work on the whole folder';
    },
  }),
  'board/not-a-folder': kind<InImage & { path: string }>({
    exitCode: 1,
    message: ({ path, image }) => `${path} ${where(image)} is not a folder`,
    hint: () => 'Name a folder; see what is there: upyw tree',
  }),
  'board/not-empty': kind<InImage & { path: string }>({
    exitCode: 1,
    message: ({ path, image }) => `the folder ${path} ${where(image)} is not empty`,
    hint: ({ path }) => `Remove it with everything in it: upyw rm -r ${word(path)}`,
  }),
  'board/no-space': kind<InImage & { path: string; neededBytes?: number; freeBytes?: number }>({
    exitCode: 1,
    message: ({ path, image, neededBytes, freeBytes }) =>
      `no space ${where(image)} for ${path}` +
      (neededBytes === undefined || freeBytes === undefined
        ? ''
        : `: it needs ${neededBytes} bytes, ${freeBytes} are free`),
    hint: () =>
      'Remove what is not needed (upyw tree, upyw rm); upyw df shows the space. A file that was there before is unchanged',
  }),
  'board/read-only': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} on the board cannot be written: the file system is read-only`,
    hint: () => 'Choose a path on a file system that can be written; upyw df shows what is mounted where',
  }),
  'board/too-deep': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) =>
      `there are too many folders within folders below ${path === '' ? 'the current folder' : path} on the board`,
    hint: () => 'Name a folder further down; or save what matters (upyw backup) and put the firmware on anew',
  }),
  'board/bad-path': kind<{ path: string; reason: string }>({
    exitCode: 1,
    message: ({ path, reason }) => `the board does not accept the path ${path}: ${reason}`,
    hint: () => 'Use a shorter or simpler name',
  }),
  'board/same-name': kind<{ path: string; other: string }>({
    exitCode: 1,
    message: ({ path, other }) =>
      `${path} and ${other} would be one file: the file system that they go to, a FAT, does not tell their names apart`,
    hint: () => 'Nothing was sent. Give one of them another name, or leave it out',
  }),
  'board/other-disk': kind<{ path: string; to: string }>({
    exitCode: 1,
    message: ({ path, to }) => `${path} and ${to} are on different file systems of the board`,
    hint: ({ path, to }) =>
      `Copy it, then remove it: upyw cp -r ${word(`:${path}`)} ${word(`:${to}`)}, upyw rm -r ${word(`:${path}`)}`,
  }),
  'board/into-itself': kind<InImage & { path: string; to: string }>({
    exitCode: 1,
    message: ({ path, to }) => `${to} is within ${path}, which would then hold itself`,
    hint: () => 'Name a place outside of it. Nothing was changed',
  }),
  'board/copy-differs': kind<InImage & { path: string; to: string }>({
    exitCode: 1,
    message: ({ path }) =>
      `the copy of ${path} differs from it: the file system did not keep what was written`,
    hint: ({ path }) =>
      `What was at the new place before is unchanged. Save what matters (upyw get ${word(`:${path}`)}, upyw backup): the flash may be worn out`,
  }),
  'board/checksum': kind<
    InImage & { different: readonly string[]; missing: readonly string[]; checked: number }
  >({
    exitCode: 1,
    message: ({ different, missing, checked }) =>
      [
        ...(different.length > 0
          ? [`${different.length} of ${checked} files differ from their SHA-256`]
          : []),
        ...(missing.length > 0 ? [`${missing.length} of ${checked} are not there`] : []),
      ].join(', '),
    hint: ({ different, missing }) =>
      `Send them again: ${[...different, ...missing].slice(0, 3).join(', ')}${different.length + missing.length > 3 ? ', …' : ''}`,
  }),
  'board/no-clock': kind<{ reason: string }>({
    exitCode: 1,
    message: ({ reason }) => `the board has no clock that can be set: ${reason}`,
    hint: () => 'Firmware for an ESP32 has one (machine.RTC); upyw chip tells what is on this board',
  }),
  'board/verify': kind<{ path: string; expected: string; actual: string }>({
    exitCode: 1,
    retryable: true,
    message: ({ path }) =>
      `${path} arrived damaged (its SHA-256 differs); the file that was there before is unchanged`,
    hint: () => 'Repeat the command; if it happens again, try another cable, or --no-turbo',
  }),
};
