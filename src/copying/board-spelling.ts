import { joinPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import type { Inspection } from '../board/inspection.js';
import type { Wanted } from './sync-plan.js';

/**
 * A board tells `ž` in one code point from `ž` in two (Unicode's NFC and NFD), people do not, and macOS writes the second. Where the
 * board has a name of `wanted` in another form than it is wanted in, it is wanted as the board has it: one file stays one.
 * Undefined: all is well as it is. The board is listed only where a name that has two forms was not found.
 */
export async function asBoardSpells<Read extends Wanted>(
  board: FileStore,
  destination: string,
  wanted: Read,
  { found: [there, ...findings] }: Inspection,
  signal: AbortSignal | undefined,
): Promise<Read | undefined> {
  const paths = [...wanted.folders, ...wanted.files.map(({ path }) => path)];
  const isMissing = (path: string, index: number) => findings[index] === undefined && hasTwoForms(path);
  if (there !== 'folder' || !paths.some(isMissing)) return undefined;
  const spelling = new Map<string, string>();
  for (const { path } of await board.list(destination, { recursive: true, signal })) {
    const own = path.slice(joinPath(destination, 'x').length - 1);
    const composed = own.normalize('NFC');
    // Where the board has both, the composed one is meant.
    if (own === composed || !spelling.has(composed)) spelling.set(composed, own);
  }
  const spell = (path: string): string => {
    const known = spelling.get(path);
    if (known !== undefined) return known;
    const end = path.lastIndexOf('/');
    return end === -1 ? path : joinPath(spell(path.slice(0, end)), path.slice(end + 1));
  };
  if (paths.every((path) => spell(path) === path)) return undefined;
  return {
    ...wanted,
    folders: wanted.folders.map(spell),
    files: wanted.files.map((file) => ({ ...file, path: spell(file.path) })),
  };
}

function hasTwoForms(path: string): boolean {
  return path.normalize('NFD') !== path;
}
