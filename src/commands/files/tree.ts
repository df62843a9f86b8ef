import type { BoardEntry } from '../../board/folders.js';
import type { Context } from '../../context.js';
import { printableName } from '../../printable.js';
import { tellEmpty } from '../../ui/describe-files.js';
import { boardPath } from '../../copying/board-operand.js';
import { shownPath } from '../../ui/shown-path.js';
import { withFiles } from '../../connecting/open-files.js';

/** `upyw tree [PATH]`: everything below a folder, drawn. */
export async function tree(context: Context, operand: string | undefined): Promise<void> {
  const path = boardPath(operand ?? '', context.world.platform);
  const entries = await withFiles(context, (board) =>
    board.list(path, { recursive: true, signal: context.world.signal }),
  );
  if (entries.length === 0) tellEmpty(context, path);
  context.reporter.result({ path, entries }, [shownPath(path), ...drawTree(entries)].join('\n'));
}

/** One line an entry, in the order given: what is in a folder comes after it. */
export function drawTree(entries: readonly BoardEntry[]): string[] {
  const children = new Map<string, BoardEntry[]>();
  const known = new Set(entries.map(({ path }) => path));
  for (const entry of entries) {
    const parent = entry.path.slice(0, Math.max(entry.path.lastIndexOf('/'), 0));
    const key = known.has(parent) ? parent : '';
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [entry]);
    else siblings.push(entry);
  }
  const draw = (parent: string, indent: string): string[] => {
    const inside = children.get(parent) ?? [];
    return inside.flatMap((entry, index) => {
      const isLast = index === inside.length - 1;
      const name = printableName(entry.name) + (entry.type === 'folder' ? '/' : '');
      const below = entry.type === 'folder' ? draw(entry.path, indent + (isLast ? '    ' : '│   ')) : [];
      return [`${indent}${isLast ? '└── ' : '├── '}${name}`, ...below];
    });
  };
  return draw('', '');
}
