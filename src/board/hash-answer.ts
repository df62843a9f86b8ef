import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parsePython } from '../rawrepl/parse-python.js';
import { baseName } from './board-path.js';
import type { BoardEntry } from './folders.js';
import type { FileHash, Finding, Inspection } from './hash-files.js';

/** What device/helpers/hash_paths.py is asked, and what the asker believes. */
export interface Question {
  readonly path: string;
  readonly expected: FileHash | undefined;
}

const oneSign = /\.*(?:([-/=])|(\d+) ((?:[A-Za-z0-9+/]{43}=)?)\n)/y;

/** Signs for as many questions as there are, and where they end. */
export function readSigns(
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
export function parseAnswer(answer: string, questions: readonly Question[]): Inspection | undefined {
  const { findings, digests, end } = readSigns(answer, questions);
  if (findings.length < questions.length) return undefined;
  const total = `${createHash('sha256').update(Buffer.concat(digests)).digest('base64')}\n`;
  const rest = answer.slice(end);
  if (digests.length > 0 && !rest.startsWith(total)) return undefined;
  const others = parseOthers(rest.startsWith(total) ? rest.slice(total.length) : rest);
  return others === undefined ? undefined : { found: findings, others };
}

/** `'lib/a.py' 139` line by line; a size of -1 marks a folder. */
function parseOthers(text: string): BoardEntry[] | undefined {
  const others: BoardEntry[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, literal, size] = /^(['"].*['"]) (-?\d+)$/.exec(line) ?? [];
    if (literal === undefined) return undefined;
    try {
      others.push(boardEntry(String(parsePython(literal)), Number(size)));
    } catch {
      return undefined;
    }
  }
  return text === '' || text.endsWith('\n') ? others : undefined;
}

function boardEntry(path: string, size: number): BoardEntry {
  const type = size < 0 ? 'folder' : 'file';
  return { name: baseName(path), path, type, sizeBytes: Math.max(0, size) };
}
