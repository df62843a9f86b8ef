import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Document, Scalar, YAMLMap, isMap, parseDocument } from 'yaml';
import { type NamedBoard, type NamedBoards, boardPlaces } from '../config/boards/load-boards.js';
import { nameKey } from '../config/boards/board-name.js';
import { localError } from '../errors/local-error.js';
import { writeLocalFile } from '../local/local-files.js';

const heading =
  ' The boards of this project by their names. "upyw name" writes here, and so may you: made to be committed.\n' +
  ' What stands beside a mac overrides the settings of upyw.config.yaml for that board; its secrets are in\n' +
  ' upyw.secrets.yaml, under boards and the same name.';

/** A change to the names of a project. */
export interface NameChange {
  /** Boards that get a name, or another one. */
  readonly give?: readonly { readonly name: string; readonly mac: string }[];
  readonly remove?: readonly string[];
}

/**
 * Writes names into upyw.boards.yaml, or into a new one in `cwd`; what people have written there stays as it is, their comments too. A board that had
 * another name keeps its entry under the new one. Returns the file's path. Throws `file/…`.
 */
export async function editBoards(cwd: string, named: NamedBoards, change: NameChange): Promise<string> {
  const path = named.path ?? join(cwd, boardPlaces[0] ?? '');
  const document = named.path === undefined ? newDocument() : await readDocument(named.path);
  const entries = entriesOf(document);
  for (const name of change.remove ?? []) entries.delete(spelled(named, name));
  for (const board of change.give ?? []) give(entries, named, board);
  await writeLocalFile(path, new TextEncoder().encode(document.toString({ lineWidth: 0 })));
  return path;
}

function newDocument(): Document {
  const document = new Document({});
  document.commentBefore = heading;
  return document;
}

async function readDocument(path: string): Promise<Document> {
  try {
    return parseDocument((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw localError(error, path);
  }
}

/** An empty file, or one of comments alone, holds nothing yet. */
function entriesOf(document: Document): YAMLMap {
  if (isMap(document.contents)) return document.contents;
  const entries = new YAMLMap();
  document.contents = entries;
  return entries;
}

function give(
  entries: YAMLMap,
  { boards }: NamedBoards,
  { name, mac }: { readonly name: string; readonly mac: string },
): void {
  const before = boards.find((board) => board.mac === mac);
  const pair = entries.items.find(({ key }) => before !== undefined && keyText(key) === before.name);
  if (pair === undefined) {
    const entry = new YAMLMap();
    entry.set('mac', macNode(mac));
    entries.set(name, entry);
  } else if (pair.key instanceof Scalar) pair.key.value = name;
}

function keyText(key: unknown): string {
  return String(key instanceof Scalar ? key.value : key);
}

/** YAML 1.1 reads digits with colons as a number to the base of 60, and some programs still do. */
function macNode(mac: string): Scalar {
  const node = new Scalar(mac);
  if (/^[\d:]+$/.test(mac)) node.type = Scalar.QUOTE_SINGLE;
  return node;
}

/** The name as it stands in the file. */
function spelled({ boards }: NamedBoards, name: string): string {
  return boards.find((board: NamedBoard) => nameKey(board.name) === nameKey(name))?.name ?? name;
}
