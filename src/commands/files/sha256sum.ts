import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { namedPath } from '../../board/board-path.js';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { boardPath, isMarked } from '../../copying/board-operand.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { type Checksum, checksumLine, parseChecksums } from '../../copying/on-board/checksum-list.js';
import { withFiles } from '../../connecting/open-files.js';
import { UpywError } from '../../errors.js';
import { readLocalFile, readToEnd } from '../../local/local-files.js';
import { readStdin } from '../../local/stdin-text.js';

export interface Sha256sumOptions {
  readonly check?: true;
}

/** `upyw sha256sum FILE…`: as coreutils has it, of files on the board; with `-c` of those that a list names. */
export async function sha256sum(
  context: Context,
  operands: readonly string[],
  options: Sha256sumOptions,
): Promise<void> {
  if (options.check === true) return checkLists(context, operands);
  const { platform, signal } = context.world;
  const named = operands.map((operand) => boardPath(operand, platform));
  const files = await withFiles(context, async (board) => {
    const paths = await expandOnBoard(board, named, signal);
    const { found, sizes } = await digestsOf(board, paths, signal);
    return paths.map((path, index) => {
      const sha256 = found[index];
      if (sha256 === undefined) throw new UpywError('board/not-found', { path: namedPath(path) });
      if (sha256 === 'folder') throw new UpywError('board/is-folder', { path: namedPath(path) });
      return { path, sizeBytes: sizes[index] ?? 0, sha256 };
    });
  });
  // A name may hold any character, and is to be read back as it is.
  const text = files.map((file) => `${checksumLine(file)}\n`).join('');
  context.reporter.result({ files }, new TextEncoder().encode(text));
}

/** Of each path the digest, or what it is instead; read and hashed here where the firmware cannot. */
async function digestsOf(
  board: FileStore,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ found: (string | undefined)[]; sizes: number[] }> {
  const { found } = await board.inspect(paths, { signal });
  const sizes: number[] = [];
  const digests: (string | undefined)[] = [];
  for (const [index, finding] of found.entries()) {
    sizes.push(typeof finding === 'object' ? finding.sizeBytes : 0);
    if (typeof finding !== 'object') digests.push(finding);
    else if (finding.sha256 !== undefined) digests.push(finding.sha256);
    else
      digests.push(
        createHash('sha256')
          .update(await board.read(paths[index] ?? '', { signal }))
          .digest('hex'),
      );
  }
  return { found: digests, sizes };
}

async function checkLists(context: Context, operands: readonly string[]): Promise<void> {
  const { reporter, world } = context;
  const wrong = await withFiles(context, async (board) => {
    const lists = await Promise.all(operands.map((operand) => listAt(context, board, operand)));
    const wanted = lists.flat();
    const paths = wanted.map(({ path }) => boardPath(path, world.platform));
    const { found } = await digestsOf(board, paths, world.signal);
    const different: string[] = [];
    const missing: string[] = [];
    for (const [index, { path, sha256 }] of wanted.entries()) {
      const is = found[index];
      if (is === undefined || is === 'folder') missing.push(path);
      else if (is !== sha256) different.push(path);
      reporter.data(new TextEncoder().encode(`${path}: ${verdict(is, sha256)}\n`));
    }
    return { different, missing, checked: wanted.length };
  });
  if (wrong.different.length + wrong.missing.length > 0) throw new UpywError('board/checksum', wrong);
  reporter.result({ files: [], checked: wrong.checked });
}

/** In coreutils' words. */
function verdict(is: string | undefined, expected: string): string {
  if (is === undefined || is === 'folder') return 'FAILED open or read';
  return is === expected ? 'OK' : 'FAILED';
}

/** A list of this computer, of the board where a colon says so, or from stdin. */
async function listAt({ world }: Context, board: FileStore, operand: string): Promise<Checksum[]> {
  const { cwd, platform, stdin, signal } = world;
  const read = () => {
    if (isMarked(operand)) return board.read(boardPath(operand, platform), { signal });
    if (operand === '-') return readToEnd(operand, readStdin(stdin, signal));
    return readLocalFile(resolve(cwd, operand));
  };
  return parseChecksums(new TextDecoder().decode(await read()), operand);
}
