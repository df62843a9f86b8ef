import type { BoardEntry } from '../board/folders.js';
import type { Context } from '../context.js';
import { formatTable } from '../ui/format.js';
import { printableName } from '../printable.js';
import { boardPath } from './support/board-path.js';
import { withBoard } from './support/open-board.js';

export interface LsOptions {
  readonly long?: true;
  readonly recursive?: true;
}

/** `upyw ls [PATH]`: names, folders with a slash; sizes with `-l`. */
export async function ls(context: Context, operand: string | undefined, options: LsOptions): Promise<void> {
  const path = boardPath(operand ?? '');
  const recursive = options.recursive === true;
  const entries = await withBoard(context, (board) =>
    board.list(path, { recursive, signal: context.world.signal }),
  );
  const name = (entry: BoardEntry) =>
    printableName(recursive ? entry.path : entry.name) + (entry.type === 'folder' ? '/' : '');
  const size = (entry: BoardEntry) => (entry.type === 'folder' ? '' : String(entry.sizeBytes));
  const text =
    options.long === true
      ? formatTable(
          entries.map((entry) => [size(entry), name(entry)]),
          [0],
        )
      : entries.map(name).join('\n');
  context.reporter.result({ path, entries }, text);
}
