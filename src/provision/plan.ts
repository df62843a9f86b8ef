import { createHash } from 'node:crypto';
import type { Board } from '../board/board.js';
import type { FileStore } from '../board/file-store.js';
import type { OperationOptions } from '../board/board-session.js';
import { helperCall } from '../board/helpers/device-code.js';
import type { FileToWrite } from '../board/transfer/upload.js';
import { UpywError } from '../errors.js';
import { addBootLines } from './boot-edit.js';
import type { StartupCall } from './boot-call.js';
import { type KeptFile, planKept } from './keep-old.js';
import type { FileState, PlannedFile, WantedFile } from './planned-file.js';
import { readIfThere } from './read-if-there.js';

/** What becomes of boot.py. */
export interface BootPlan {
  readonly state: 'new' | 'changed' | 'same';
  /** As it will be; undefined when it stays. */
  readonly content?: Uint8Array;
  /** The call that is there already. */
  readonly present?: StartupCall;
}

/** What provisioning will do to a board. */
export interface ProvisionPlan {
  /** Parents first. */
  readonly folders: readonly string[];
  readonly files: readonly PlannedFile[];
  /** Copies of what provisioning did not make and will replace. */
  readonly kept: readonly KeptFile[];
  /** Undefined: boot.py is left alone. */
  readonly boot: BootPlan | undefined;
}

/** Keeps what passes out of records of the wire while `work` runs. */
export type Conceal = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface ProvisionOptions extends OperationOptions {
  readonly conceal: Conceal;
}

export interface PlanOptions extends ProvisionOptions {
  /** False: only files, and nothing that starts Wi-Fi. */
  readonly startsWifi: boolean;
}

export const bootPath = '/boot.py';

/**
 * Compares the board with what it is to have; changes nothing. Throws `provision/broken-boot` when our lines would never run,
 * because boot.py cannot.
 */
export async function planProvision(
  board: Provisioned,
  wanted: readonly WantedFile[],
  options: PlanOptions,
): Promise<ProvisionPlan> {
  // Its old call may have a password in it.
  const boot = options.startsWifi ? await options.conceal(() => planBoot(board, options)) : undefined;
  const digests = wanted.map(({ bytes }) => ({
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const found = await board.hashFiles(
    wanted.map(({ path }) => path),
    { expected: digests, signal: options.signal },
  );
  const files = wanted.map((file, index) => {
    const there = found[index];
    const isSame = there?.sha256 !== undefined && there.sha256 === digests[index]?.sha256;
    return { ...file, state: stateOf(there !== undefined, isSame, file.isKept === true) };
  });
  const kept = await options.conceal(() => planKept(board, files, options));
  return { folders: foldersOf(files.filter(isToBeWritten)), files, kept, boot };
}

/** What is provisioned: of an image, the files alone. */
type Provisioned = FileStore & { readonly run?: Board['run'] };

/** Whether provisioning will write it. */
export function isToBeWritten({ state }: PlannedFile): boolean {
  return state === 'new' || state === 'changed';
}

/** For `Board.writeFiles`. */
export function toWrite({ path, bytes, isSecret }: WantedFile): FileToWrite {
  return { path, sizeBytes: bytes.length, isSecret, load: () => bytes };
}

async function planBoot(board: Provisioned, { signal }: OperationOptions): Promise<BootPlan> {
  const before = await readIfThere(board, bootPath, { signal });
  const { content, present } = addBootLines(before);
  const added = new TextDecoder().decode(content?.subarray(before?.length ?? 0));
  const problem = await syntaxProblem(board, added, { signal });
  if (problem !== undefined) throw new UpywError('provision/broken-boot', { problem });
  if (content === undefined) return { state: 'same', ...(present === undefined ? {} : { present }) };
  return { state: before === undefined ? 'new' : 'changed', content };
}

/** Why boot.py with our lines cannot run: the board's own compiler is asked, where there is one. */
async function syntaxProblem(
  board: Provisioned,
  added: string,
  { signal }: OperationOptions,
): Promise<string | undefined> {
  if (board.run === undefined) return undefined;
  const printed = await board.run(await helperCall('syntax', bootPath, added), { signal });
  const lines = new TextDecoder().decode(printed).split(/\r?\n/).filter(Boolean);
  const message = lines.at(-1);
  if (message === undefined) return undefined;
  const [, line] = /line (\d+)/.exec(lines.at(-2) ?? '') ?? [];
  return line === undefined ? message : `${message} (line ${line})`;
}

function stateOf(isThere: boolean, isSame: boolean, isKept: boolean): FileState {
  if (!isThere) return 'new';
  if (isSame) return 'same';
  return isKept ? 'kept' : 'changed';
}

function foldersOf(files: readonly PlannedFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      folders.add(path.slice(0, end));
    }
  }
  return [...folders];
}
