import { Buffer } from 'node:buffer';
import { nameBatches } from './batches.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { helperCall, isNoException, wasGarbled } from './helpers/device-code.js';
import { fileError } from './file-errors.js';
import type { BoardEntry } from './folders.js';
import type { Question } from './hash-answer.js';
import { countAnswers, parseAnswer } from './hash-answer.js';
import type { FileHash, Finding, Inspection } from './inspection.js';

export interface HashOptions extends OperationOptions {
  /**
   * What the caller believes, one for each path. The answer is the same with it, but where it is right the board says so in
   * one byte, which saves most of the time on the wire.
   */
  readonly expected?: readonly (FileHash | undefined)[] | undefined;
  /** Called with about how many bytes of files the board has read so far. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
}

export interface InspectOptions extends HashOptions {
  /** Also tell what else is below this folder. */
  readonly below?: string | undefined;
}

/** The longest a board may think about one buffer of a file. */
const silenceMs = 20_000;
/** In device/helpers/hash_paths.py: what a check is cut to, and what it reads at a time. */
const checkBytes = 6;
const bufferBytes = 4_096;

/** Sizes and hashes of files, undefined where there is no file. One exchange for some hundred names. */
export async function hashFiles(
  session: BoardSession,
  paths: readonly string[],
  options: HashOptions,
): Promise<(FileHash | undefined)[]> {
  const { found } = await inspect(session, paths, options);
  return found.map((finding) => (finding === 'folder' ? undefined : finding));
}

/** What is at each path, and below a folder. Paths are in their plain form. Throws the typed error of a file. */
export async function inspect(
  session: BoardSession,
  paths: readonly string[],
  { expected = [], below, onProgress, signal }: InspectOptions,
): Promise<Inspection> {
  // The root and the current folder are there; nothing needs to be asked about them.
  const questions = paths
    .map((path, index) => ({ path, expected: expected[index] }))
    .filter(({ path }) => !isTop(path));
  let doneBytes = 0;
  const onBuffer = () => {
    doneBytes += bufferBytes;
    onProgress?.(doneBytes);
  };
  const found: Finding[] = [];
  const others: BoardEntry[] = [];
  const batches = nameBatches(questions, ({ path }) => path);
  // A folder can only be looked into together with some question.
  if (batches.length === 0 && below !== undefined) batches.push([{ path: noFile, expected: undefined }]);
  for (const batch of batches) {
    const folders = below !== undefined && batch === batches.at(-1) ? [below] : [];
    const answer = await answered(session, batch, { folders, onBuffer, signal });
    found.push(...answer.found);
    others.push(...answer.others);
  }
  const wanted = new Set(paths);
  const answers = found.values();
  return {
    found: paths.map((path) => (isTop(path) ? 'folder' : answers.next().value)),
    others: others.filter(({ path, name }) => !wanted.has(path) && !isTemporary(name)),
  };
}

function isTop(path: string): boolean {
  return path === '' || path === '/';
}

/** No file of a board has this name, and none of its folders is looked into by it. */
const noFile = '.upyw-';

/** What a transfer was writing when its cable was cut: the next write removes it. */
function isTemporary(name: string): boolean {
  return /^\.upyw-[0-9a-f]{8}\.tmp$/.test(name);
}

interface BatchOptions extends OperationOptions {
  /** To be looked into. */
  readonly folders: readonly string[];
  readonly onBuffer: () => void;
}

/** Asks once more where the code arrived garbled or the answer makes no sense, at last without saying what is expected. */
async function answered(
  session: BoardSession,
  batch: readonly Question[],
  options: BatchOptions,
): Promise<Inspection> {
  const plain = batch.map(({ path }) => ({ path, expected: undefined }));
  for (const questions of [batch, batch, plain]) {
    try {
      const answer = parseAnswer(await ask(session, questions, options), questions);
      if (answer !== undefined) return answer;
    } catch (error) {
      if (!wasGarbled(error) && !isNoException(error)) throw error;
    }
  }
  throw session.repl.nonsense('what is at each path');
}

async function ask(
  { repl }: BoardSession,
  questions: readonly Question[],
  { folders, onBuffer, signal }: BatchOptions,
): Promise<string> {
  const paths = questions.map(({ path }) => path);
  const prefix = commonFolder(paths);
  const names = paths.map((path) => path.slice(prefix.length)).join('//');
  const isExpected = questions.some(({ expected }) => expected?.sha256 !== undefined);
  const checks = isExpected ? Buffer.concat(questions.map(checkOf)).toString('base64') : '';
  let answer = '';
  const onOutput = (bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString('latin1');
    answer += text.replaceAll('\r', '');
    for (let count = text.split('.').length; count > 1; count -= 1) onBuffer();
  };
  const code =
    folders.length === 0
      ? await helperCall('hash', prefix, names, checks)
      : await helperCall('inspect', prefix, names, checks, folders);
  try {
    await repl.exec(code, { timeoutMs: silenceMs, signal, onOutput });
  } catch (error) {
    // Every file before the one that cannot be read has been answered for.
    throw fileError(error, paths[countAnswers(answer)] ?? '');
  }
  return answer;
}

/** The folder that all of them are in, with its slash; empty where there is none. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let end = first.lastIndexOf('/') + 1;
  while (end > 0 && others.some((path) => !path.startsWith(first.slice(0, end)))) {
    end = first.lastIndexOf('/', end - 2) + 1;
  }
  return first.slice(0, end);
}

function checkOf({ expected }: Question): Uint8Array {
  return Buffer.alloc(checkBytes, expected?.sha256?.slice(0, checkBytes * 2) ?? '', 'hex');
}
