import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { UpywError } from '../../errors.js';
import type { PythonValue } from '../../rawrepl/parse-python.js';
import { parsePython } from '../../rawrepl/parse-python.js';
import { pythonBytes, pythonLiteral } from '../../rawrepl/python-literal.js';
import type { BoardSession, TransferOptions } from '../board-session.js';
import { ownCode } from '../helpers/device-code.js';
import { helperCode } from '../helpers/helper-code.js';
import { downloadText } from './download-text.js';
import { FileArrivals } from './file-arrivals.js';
import type { TransferResult } from './upload.js';
import type { FileToWrite } from './upload-content.js';
import { sections } from './upload-content.js';

/** Of payload in one call: its base64 and the string made of it must fit a board's free memory a few times over. */
const pieceBytes = 768;
/** The same where each byte takes four characters. */
const literalPieceBytes = 240;
/** Reading back and hashing on the slowest board. */
const checkMsPerByte = 1 / 50;
/** Finding a file's folder and its old version, and all that may be in the way. */
const locateMsPerFile = 200;

/**
 * Writes files as base64 in Python code, a call per piece: for firmware that lacks what `upload` needs, and for lines
 * that do not carry raw bytes; where there is no binascii, as Python's own literals. Slower by half or more; as safe. `results` grows as files are in their places.
 */
export async function uploadText(
  session: BoardSession,
  files: readonly FileToWrite[],
  results: TransferResult[],
  options: TransferOptions,
): Promise<void> {
  const { repl, patienceMs } = session;
  const timeoutMs = 2 * patienceMs + files.length * locateMsPerFile;
  const tag = randomBytes(4).toString('hex');
  const manifest = pythonLiteral(files.map(({ path, sizeBytes }) => [path, sizeBytes]));
  const code = ownCode(
    await helperCode('receive_text'),
    `_upyw('${tag}',${manifest},${session.base64 ? 'True' : 'False'})\n`,
  );
  // Ends the generator wherever it is, so that it removes its temporary file.
  const end = () => repl.exec('_upyw_r("")\ndel _upyw_r', { timeoutMs: 2 * patienceMs });
  try {
    await repl.exec(code, { signal: options.signal, timeoutMs });
    for (const file of files) results.push(await uploadOne(session, file, results, options));
  } catch (error) {
    // It may have ended already, or not have begun; in any case the error at hand says more.
    await end().catch(() => undefined);
    throw error;
  }
  await end();
}

async function uploadOne(
  session: BoardSession,
  file: FileToWrite,
  before: readonly TransferResult[],
  { onProgress, signal }: TransferOptions,
): Promise<TransferResult> {
  const { repl, patienceMs } = session;
  const hash = createHash('sha256');
  let doneBytes = before.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const stepBytes = session.base64 ? pieceBytes : literalPieceBytes;
  for await (const section of sections(file)) {
    hash.update(section);
    for (let at = 0; at < section.length; at += stepBytes) {
      const piece = Buffer.from(section.subarray(at, at + stepBytes));
      const literal = session.base64 ? `b'${piece.toString('base64')}'` : pythonBytes(piece);
      await repl.exec(`_upyw_r(${literal})`, { signal, timeoutMs: 2 * patienceMs });
      onProgress?.((doneBytes += piece.length));
    }
  }
  const expected = hash.digest('hex');
  const timeoutMs = 2 * patienceMs + file.sizeBytes * checkMsPerByte;
  const printed = await repl.exec('_upyw_r(None)', { signal, timeoutMs });
  const actual = await digestOf(session, parseOrNone(printed), signal);
  const said = await repl
    .exec(`_upyw_r(${pythonLiteral(actual === expected)})`, { signal })
    .catch((error: unknown) => {
      throw actual === expected
        ? error
        : new UpywError('board/verify', { path: file.path, expected, actual });
    });
  // On a bad line an exception may pass for something printed.
  if (new TextDecoder().decode(said).trim() !== 'None') throw repl.nonsense('that the file is in its place');
  return { path: file.path, sizeBytes: file.sizeBytes, sha256: actual };
}

/** What the line has garbled is no value, and no hash of anything. */
function parseOrNone(printed: Uint8Array): PythonValue {
  try {
    return parsePython(new TextDecoder().decode(printed));
  } catch {
    return new Uint8Array();
  }
}

/** The board's own hash, or where it has none, that of the temporary file read back from where it says it is. */
async function digestOf(
  session: BoardSession,
  answer: PythonValue,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (answer instanceof Uint8Array) return Buffer.from(answer).toString('hex');
  const hash = createHash('sha256');
  const open = () => ({
    write: (bytes: Uint8Array) => void hash.update(bytes),
    finish: () => undefined,
    abandon: () => undefined,
  });
  await downloadText(session, new FileArrivals([String(answer)], open), 1, { signal });
  return hash.digest('hex');
}
