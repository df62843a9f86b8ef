import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { BoardSession, OperationOptions } from './board-session.js';
import { helperCall, wasGarbled } from './device-code.js';
import { fileError } from './file-errors.js';

/** What tells whether a file has the content that somebody has in mind. */
export interface FileHash {
  readonly sizeBytes: number;
  /** Of the content on the board's flash, in hex; undefined where this firmware cannot compute it: unknown, not equal to any. */
  readonly sha256: string | undefined;
}

export interface HashOptions extends OperationOptions {
  /**
   * What the caller believes, one for each path. The answer is the same with it, but where it is right the board says so in
   * one byte, which saves most of the time on the wire.
   */
  readonly expected?: readonly (FileHash | undefined)[] | undefined;
  /** Called with about how many bytes of files the board has read so far. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
}

/** What is at a path; undefined: nothing. */
export type Finding = FileHash | 'folder' | undefined;

/** The longest a board may think about one buffer of a file. */
const silenceMs = 20_000;
/** Names travel within the code, which the board holds in RAM two or three times over while it starts. */
const batchBytes = 4_000;
/** In device/helpers/hash.py: what a check is cut to, and what it reads at a time. */
const checkBytes = 6;
const bufferBytes = 4_096;

/** Sizes and hashes of files, undefined where there is no file. One exchange for some hundred names. */
export async function hashFiles(
  session: BoardSession,
  paths: readonly string[],
  options: HashOptions,
): Promise<(FileHash | undefined)[]> {
  const found = await lookAt(session, paths, options);
  return found.map((finding) => (finding === 'folder' ? undefined : finding));
}

/** `hashFiles` that tells folders from nothing. Paths are in their plain form. Throws the typed error of a file. */
export async function lookAt(
  session: BoardSession,
  paths: readonly string[],
  { expected = [], onProgress, signal }: HashOptions,
): Promise<Finding[]> {
  // The root and the current folder are there; nothing needs to be asked about them.
  const questions = paths
    .map((path, index) => ({ path, expected: expected[index] }))
    .filter(({ path }) => !isTop(path));
  const findings: Finding[] = [];
  let doneBytes = 0;
  const onBuffer = () => {
    doneBytes += bufferBytes;
    onProgress?.(doneBytes);
  };
  while (findings.length < questions.length) {
    const batch = nextBatch(questions, findings.length);
    findings.push(...(await answered(session, batch, { onBuffer, signal })));
  }
  const answers = findings.values();
  return paths.map((path) => (isTop(path) ? 'folder' : answers.next().value));
}

function isTop(path: string): boolean {
  return path === '' || path === '/';
}

interface Question {
  readonly path: string;
  readonly expected: FileHash | undefined;
}

function nextBatch(questions: readonly Question[], from: number): Question[] {
  const batch: Question[] = [];
  let bytes = 0;
  for (const question of questions.slice(from)) {
    bytes += Buffer.byteLength(question.path) + checkBytes * 2;
    if (batch.length > 0 && bytes > batchBytes) break;
    batch.push(question);
  }
  return batch;
}

interface BatchOptions extends OperationOptions {
  readonly onBuffer: () => void;
}

/** Asks once more where the code arrived garbled or the answer makes no sense, at last without saying what is expected. */
async function answered(
  session: BoardSession,
  batch: readonly Question[],
  options: BatchOptions,
): Promise<Finding[]> {
  const plain = batch.map(({ path }) => ({ path, expected: undefined }));
  for (const questions of [batch, batch, plain]) {
    try {
      const findings = parseAnswer(await ask(session, questions, options), questions);
      if (findings !== undefined) return findings;
    } catch (error) {
      if (!wasGarbled(error)) throw error;
    }
  }
  throw session.repl.nonsense('what is at each path');
}

async function ask(
  { repl }: BoardSession,
  questions: readonly Question[],
  { onBuffer, signal }: BatchOptions,
): Promise<string> {
  const paths = questions.map(({ path }) => path);
  const prefix = commonFolder(paths);
  const names = paths.map((path) => path.slice(prefix.length)).join('//');
  const isExpected = questions.some(({ expected }) => expected?.sha256 !== undefined);
  const checks = isExpected ? Buffer.concat(questions.map(checkOf)).toString('base64') : '';
  let answer = '';
  const onOutput = (bytes: Uint8Array) => {
    for (const sign of Buffer.from(bytes).toString('latin1')) {
      if (sign === '.') onBuffer();
      else if (sign !== '\r') answer += sign;
    }
  };
  const code = await helperCall('hash', prefix, names, checks);
  try {
    await repl.exec(code, { timeoutMs: silenceMs, signal, onOutput });
  } catch (error) {
    // Every file before the one that cannot be read has been answered for.
    throw fileError(error, paths[readSigns(answer, questions).findings.length] ?? '');
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

const oneSign = /([-/=])|(\d+) ((?:[A-Za-z0-9+/]{43}=)?)\n/y;

/** Signs for as many questions as there are, and where they end. */
function readSigns(
  answer: string,
  questions: readonly Question[],
): { findings: Finding[]; digests: Uint8Array[]; end: number } {
  const findings: Finding[] = [];
  const digests: Uint8Array[] = [];
  oneSign.lastIndex = 0;
  let end = 0;
  for (const { expected } of questions) {
    const [, sign, size, digest = ''] = oneSign.exec(answer) ?? ['', 'none'];
    if (sign === 'none') break;
    end = oneSign.lastIndex;
    if (sign === '=') digests.push(Buffer.from(expected?.sha256 ?? '', 'hex'));
    findings.push(findingOf(sign, { sizeBytes: Number(size), sha256: hexOf(digest) }, expected));
  }
  return { findings, digests, end };
}

function findingOf(sign: string | undefined, told: FileHash, expected: FileHash | undefined): Finding {
  if (sign === '-') return undefined;
  if (sign === '/') return 'folder';
  return sign === '=' ? expected : told;
}

function hexOf(base64: string): string | undefined {
  return base64 === '' ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** Undefined for an answer that makes no sense, or where the hash over all "=" shows that not all of them are. */
function parseAnswer(answer: string, questions: readonly Question[]): Finding[] | undefined {
  const { findings, digests, end } = readSigns(answer, questions);
  if (findings.length < questions.length) return undefined;
  const total = createHash('sha256').update(Buffer.concat(digests)).digest('base64');
  const isWhole = answer.slice(end) === `${total}\n` || (answer.slice(end) === '' && digests.length === 0);
  return isWhole ? findings : undefined;
}
