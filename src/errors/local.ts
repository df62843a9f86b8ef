import { kind } from './define.js';

/** Files on the laptop. */
export const localErrors = {
  'file/not-found': kind<{
    path: string;
    asFolder?: boolean;
    perhapsOnBoard?: boolean;
    perhapsCode?: boolean;
    near?: string;
  }>({
    exitCode: 1,
    message: ({ path, asFolder }) => `there is no ${asFolder === true ? 'folder' : 'file'} ${path} here`,
    hint: ({ path, asFolder, perhapsOnBoard, perhapsCode, near }) => {
      if (near !== undefined) return `Did you mean ${near}?`;
      if (perhapsCode === true) return `To run code rather than a file: upyw exec "${path}"`;
      const check = `Check the name and the folder you are in${asFolder === true ? ', or make that folder first' : ''}`;
      return perhapsOnBoard === true
        ? `${check}. If it is a place on the board, put a colon before it: :${path}`
        : check;
    },
  }),
  'file/is-folder': kind<{ path: string; recursive?: boolean }>({
    exitCode: 1,
    message: ({ path }) => `${path} is a folder`,
    hint: ({ recursive }) =>
      recursive === true ? 'Name a file, or add -r to work on the whole folder' : 'Name a file',
  }),
  'file/not-a-folder': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} is not a folder`,
    hint: () => 'Name a folder that exists',
  }),
  'file/encoding': kind<{ path: string; problem: string }>({
    exitCode: 1,
    message: ({ path, problem }) => `${path} is no program that a board could read: ${problem}`,
    hint: () => 'Editors have it under "Save with encoding", or in the line at the bottom of the window',
  }),
  'file/not-ordinary': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) =>
      `${path} is a device or a pipe: what is written there cannot be read back and checked`,
    hint: () => 'Name a file on a disk. Nothing was changed',
  }),
  'file/permission': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `no permission for ${path}`,
    hint: () => 'Choose another place, or change who may use it',
  }),
  'file/no-space': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `no space left on this computer for ${path}`,
    hint: () => 'Free some space and repeat the command. The file that was there before is unchanged',
  }),
  'file/failed': kind<{ path: string; reason: string }>({
    exitCode: 1,
    message: ({ path, reason }) => `${path}: ${reason}`,
    hint: () => 'Check the path and the disk, then repeat the command',
  }),
};
