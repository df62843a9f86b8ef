import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parsePython } from '../../rawrepl/parse-python.js';
import type { ExecOptions, RawRepl } from '../../rawrepl/raw-repl.js';
import type { BoardSession, OperationOptions } from '../board-session.js';
import { helperCall } from '../helpers/device-code.js';
import type { FileArrivals } from './file-arrivals.js';

/**
 * Reads `count` files as lines of base64, by way of device/helpers/send_text.py: for firmware that lacks what `download` needs,
 * and for lines that do not carry raw bytes. Firmware without hashlib is asked twice. Throws the board's exception,
 * `board/verify`; a file that did not arrive whole has to come from its beginning.
 */
export async function downloadText(
  { repl, patienceMs }: BoardSession,
  arrivals: FileArrivals,
  count: number,
  { signal }: OperationOptions,
): Promise<void> {
  const options = { signal, timeoutMs: 2 * patienceMs };
  for (const path of arrivals.pending.slice(0, count)) {
    await arrivals.restart();
    const told = await readLines(repl, path, options, {
      begin: (sizeBytes) => arrivals.begin(sizeBytes),
      take: (bytes) => arrivals.take(bytes),
    });
    await arrivals.finish(told ?? (await hashAgain(repl, path, options)));
  }
}

/** Of a file that the board cannot hash: it is read once more. */
async function hashAgain(repl: RawRepl, path: string, options: ExecOptions): Promise<Uint8Array> {
  const hash = createHash('sha256');
  await readLines(repl, path, options, {
    begin: () => undefined,
    take: (bytes) => void hash.update(bytes),
  });
  return hash.digest();
}

const fewestLines = 2;

function sizeIn(repl: RawRepl, line: string): number {
  if (!/^\d+$/.test(line)) throw repl.nonsense('the size of a file');
  return Number(line);
}

interface LineListener {
  begin(sizeBytes: number): Promise<void> | void;
  take(bytes: Uint8Array): Promise<void> | void;
}

/** The file's hash as the board computed it, where it can. */
async function readLines(
  repl: RawRepl,
  path: string,
  options: ExecOptions,
  listener: LineListener,
): Promise<Uint8Array | undefined> {
  let rest = '';
  let lines = 0;
  /** A line is taken when the next one is there: the last one is not content. */
  let last = '';
  let taken = Promise.resolve();
  const take = async (line: string, index: number): Promise<void> => {
    if (index === 0) await listener.begin(sizeIn(repl, line));
    else await listener.take(decode(line));
  };
  const onOutput = (bytes: Uint8Array) => {
    const parts = (rest + Buffer.from(bytes).toString('latin1')).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [line, index] = [last, lines - 1];
      if (lines > 0) taken = taken.then(() => take(line, index));
      taken.catch(() => undefined);
      last = part.trimEnd();
      lines += 1;
    }
  };
  await repl.exec(await helperCall('send_text', [path]), { ...options, onOutput });
  await taken;
  // The size, and the hash or an empty line.
  if (lines < fewestLines) throw repl.nonsense('the size of a file and its hash');
  return last === '' ? undefined : decode(last);
}

/** A line of base64, or bytes as Python shows them; garbled ones are found by the hash. */
function decode(line: string): Uint8Array {
  if (!/^b['"]/.test(line)) return Buffer.from(line, 'base64');
  try {
    const bytes = parsePython(line);
    return bytes instanceof Uint8Array ? bytes : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}
