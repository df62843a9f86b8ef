import type { Board } from '../../board/board.js';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { bytecodeName, FileCompiler, hidingSources } from '../../copying/compile-files.js';
import type { FileToPut, LocalSource, PutPlan } from '../../copying/put-plan.js';
import type { ReadFolder } from '../../copying/read-wanted.js';
import type { SyncJob } from '../../copying/sync-once.js';
import { hashBytes } from '../../local/hash-local.js';
import { formatOf, requireFormat } from '../../mpy/bytecode.js';
import { MpyCompiler } from '../../mpy/compile.js';
import { printableName } from '../../printable.js';
import { firstOf } from '../../ui/describe-files.js';
import { shownPath } from '../../ui/shown-path.js';

/** Of files here, by their paths: the bytecode of those that could be compiled. */
type BytecodeOf = ReadonlyMap<string, Uint8Array>;

/** What `sys.implementation._mpy` says, or 0. */
const formatExpression = "getattr(__import__('sys').implementation, '_mpy', 0)";

/** Throws `mpy/format` for a board that does not load what is compiled here; of an image nobody knows. */
export async function requireBytecode(board: Board | undefined): Promise<void> {
  if (board !== undefined) requireFormat(formatOf(Number(await board.evaluate(formatExpression))));
}

/** Compiles what `put` was given. Throws `mpy/syntax` with the line. */
export async function compileSources(context: Context, sources: readonly LocalSource[]): Promise<BytecodeOf> {
  const found = new Map<string, Uint8Array>();
  await withCompiler(context, async (compiler) => {
    for (const { name, plan } of sources) {
      for (const file of plan.files) {
        const path = [name, file.remote].filter((part) => part !== '').join('/');
        const bytecode = await compiler.compile(file, path);
        if (bytecode !== undefined) found.set(file.local, bytecode);
      }
    }
  });
  return found;
}

/** The plan with bytecode in place of what was compiled, under names that say so. */
export function withBytecode({ folders, files }: PutPlan, compiled: BytecodeOf): PutPlan {
  return {
    folders,
    files: files.map((file) => {
      const content = compiled.get(file.local);
      if (content === undefined) return file;
      return { local: file.local, remote: bytecodeName(file.remote), sizeBytes: content.length, content };
    }),
  };
}

/** What makes `sync` send bytecode. The compiler lives as long as the command, which may watch. */
export function bytecodeOptions(context: Context): Pick<SyncJob, 'transform'> {
  const worker = new MpyCompiler();
  const compiler = new FileCompiler(worker, onKept(context));
  const transform = async (read: ReadFolder): Promise<ReadFolder> => {
    try {
      const files = [];
      for (const file of read.files) {
        const content = await compiler.compile(file, file.path);
        if (content === undefined) files.push(file);
        else files.push({ ...file, path: bytecodeName(file.path), ...hashBytes(content), content });
      }
      return { ...read, files };
    } finally {
      await worker.close();
    }
  };
  return { transform };
}

/** Takes away the sources that would hide the bytecode, now that that is in its place. */
export async function removeHiding(
  { flags, reporter, world }: Context,
  board: FileStore,
  files: readonly Pick<FileToPut, 'remote'>[],
): Promise<void> {
  const { signal } = world;
  const hiding = await hidingSources(
    board,
    files.map(({ remote }) => remote),
    signal,
  );
  if (hiding.length === 0) return;
  const names = firstOf(hiding.map(shownPath));
  if (flags.dryRun) reporter.info(`would remove ${names}, which the .mpy takes the place of`);
  else {
    await board.removePaths(hiding, { signal });
    reporter.info(`removed ${names}: the .mpy takes the place of it`);
  }
}

async function withCompiler(context: Context, use: (compiler: FileCompiler) => Promise<void>): Promise<void> {
  const worker = new MpyCompiler();
  try {
    await use(new FileCompiler(worker, onKept(context)));
  } finally {
    await worker.close();
  }
}

function onKept({ reporter }: Context) {
  return (name: string, reason: string) => {
    reporter.warn(`${printableName(name)} stays .py: ${reason}`);
  };
}
