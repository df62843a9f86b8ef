import { resolve } from 'node:path';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { openImage } from '../../images/open-image.js';
import { formatTable } from '../../ui/format.js';
import { localKind } from '../../local/local-files.js';
import { withFiles } from '../../connecting/open-files.js';
import { readWanted } from '../../copying/read-wanted.js';

/** Of each path the SHA-256; undefined for a folder, or where it is not known. */
type Tree = ReadonlyMap<string, string | undefined>;

/** `upyw image diff A [B]`: what is only in one of two, and what differs; each an image or a folder, B also the board in force. */
export async function imageDiff(context: Context, left: string, right: string | undefined): Promise<void> {
  const before = await treeAt(context, left);
  const after =
    right === undefined
      ? await withFiles(context, (files) => treeOf(files, context.world.signal))
      : await treeAt(context, right);
  const only = (one: Tree, other: Tree) => [...one.keys()].filter((path) => !other.has(path)).sort();
  const onlyLeft = only(before, after);
  const onlyRight = only(after, before);
  const different = [...before.keys()]
    .filter((path) => after.has(path) && before.get(path) !== after.get(path))
    .sort();
  const other = right ?? 'the board';
  const rows = [
    ...onlyLeft.map((path) => [`only in ${left}`, path]),
    ...onlyRight.map((path) => [`only in ${other}`, path]),
    ...different.map((path) => ['different', path]),
  ];
  const isSame = rows.length === 0;
  context.reporter.result(
    { same: isSame, onlyLeft, onlyRight, different },
    isSame ? `${left} and ${other} hold the same` : formatTable(rows),
  );
}

async function treeAt({ world }: Context, named: string): Promise<Tree> {
  const path = resolve(world.cwd, named);
  if ((await localKind(path)) === 'folder') {
    const { folders, files } = await readWanted(path);
    const entries = files.map((file): [string, string | undefined] => [file.path, file.sha256]);
    return new Map([...folders.map((folder): [string, undefined] => [folder, undefined]), ...entries]);
  }
  const image = await openImage(path, named, () => Date.now());
  try {
    return await treeOf(image.files, world.signal);
  } finally {
    image.close();
  }
}

async function treeOf(files: FileStore, signal: AbortSignal): Promise<Tree> {
  const entries = await files.list('', { recursive: true, signal });
  const paths = entries.filter(({ type }) => type === 'file').map(({ path }) => path);
  const hashes = await files.hashFiles(paths, { signal });
  const found = new Map<string, string | undefined>();
  for (const { path, type } of entries) if (type === 'folder') found.set(path, undefined);
  for (const [index, path] of paths.entries()) found.set(path, hashes[index]?.sha256);
  return found;
}
