import type { Board } from './board.js';

/** What can be done to files, whoever has them: a board, or an image of what a board has. */
export type FileStore = Pick<
  Board,
  | 'list'
  | 'stat'
  | 'hashFiles'
  | 'inspect'
  | 'read'
  | 'readFiles'
  | 'receiveFiles'
  | 'writeFiles'
  | 'remove'
  | 'removePaths'
  | 'makeFolders'
  | 'removeFolder'
  | 'copyFiles'
  | 'movePaths'
  | 'touchFiles'
  | 'disks'
  | 'currentFolder'
  | 'transferBaudRate'
>;
