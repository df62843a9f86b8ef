import { Buffer } from 'node:buffer';
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { parsePython } from '../rawrepl/parse-python.js';
import type { BoardEntry } from './folders.js';
import { boardEntry } from './folders.js';
import type { FileHash, Finding, Inspection } from './inspection.js';

/** What device/helpers/hash_paths.py is asked, and what the asker believes. */
export interface Question {
  readonly path: string;
  readonly expected: FileHash | undefined;
}

/** Everything is said in one go behind this: what stands elsewhere was printed by something else, or is a sign of progress. */
const mark = '\x02';
const signForm = /^(?:([-/=])|(\d+) ((?:[A-Za-z0-9+/]{43}=)?)\n)/;
const totalForm = /^([A-Za-z0-9+/]{43}=)\n/;
const otherForm = /^(['"].*['"]) (-?\d+)\n/;

/** How many of the questions have been answered. */
export function countAnswers(answer: string): number {
  const frames = answer.split(mark).slice(1);
  const end = frames.findIndex((frame) => !signForm.test(frame));
  return end < 0 ? frames.length : end;
}

/** Undefined for an answer that makes no sense, or whose hash shows that something in it is not what the board said. */
export function parseAnswer(answer: string, questions: readonly Question[]): Inspection | undefined {
  const frames = answer.split(mark).slice(1);
  const [, total] = totalForm.exec(frames.at(-1) ?? '') ?? [];
  const said = createHash('sha256');
  const found: Finding[] = [];
  let isHashed = false;
  for (const [index, { expected }] of questions.entries()) {
    const [all, sign, size, digest = ''] = signForm.exec(frames[index] ?? '') ?? [];
    if (all === undefined) return undefined;
    said.update(all);
    if (sign === '=') said.update(expected?.sha256 ?? '', 'hex');
    isHashed ||= sign === '=' || digest !== '';
    found.push(findingOf(sign, { sizeBytes: Number(size), sha256: hexOf(digest) }, expected));
  }
  const rest = frames.slice(questions.length, total === undefined ? undefined : -1);
  const others = parseOthers(rest, said);
  // Without hashlib there is no hash, and nothing is the same.
  const isRight = total === undefined ? !isHashed : total === said.digest('base64');
  return others === undefined || !isRight ? undefined : { found, others };
}

function findingOf(sign: string | undefined, told: FileHash, expected: FileHash | undefined): Finding {
  if (sign === '-') return undefined;
  if (sign === '/') return 'folder';
  return sign === '=' ? expected : told;
}

function hexOf(base64: string): string | undefined {
  return base64 === '' ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** `'lib/a.py' 139`; a size of -1 marks a folder. */
function parseOthers(frames: readonly string[], said: Hash): BoardEntry[] | undefined {
  const others: BoardEntry[] = [];
  for (const frame of frames) {
    const [all, literal, size] = otherForm.exec(frame) ?? [];
    if (all === undefined || literal === undefined) return undefined;
    said.update(all);
    try {
      others.push(boardEntry(String(parsePython(literal)), Number(size)));
    } catch {
      return undefined;
    }
  }
  return others;
}
