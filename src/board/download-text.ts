import { Buffer } from 'node:buffer';
import { UpywError } from '../errors.js';
import type { BoardSession, TransferOptions } from './board-session.js';
import { helperCall } from './device-code.js';
import type { FileReceiver } from './download.js';
import { verify } from './download.js';

/**
 * Reads files as lines of base64, by way of device/helpers/send_text.py: for firmware that lacks what `download` needs,
 * and for lines that do not carry raw bytes. Firmware without hashlib is asked twice.
 */
export async function downloadText(
  session: BoardSession,
  paths: readonly string[],
  onFile: FileReceiver,
  options: TransferOptions,
): Promise<void> {
  let doneBytes = 0;
  for (const path of paths) {
    const { bytes, sha256 } = await readOnce(session, path, options, doneBytes);
    if (sha256 === '') {
      const again = await readOnce(session, path, { signal: options.signal }, 0);
      if (Buffer.compare(bytes, again.bytes) !== 0) throw damaged(path);
    } else verify(path, bytes, sha256);
    doneBytes += bytes.length;
    await onFile(path, bytes);
  }
}

async function readOnce(
  { repl }: BoardSession,
  path: string,
  { onProgress, signal }: TransferOptions,
  doneBytes: number,
): Promise<{ bytes: Uint8Array; sha256: string }> {
  const lines: string[] = [];
  let rest = '';
  let chars = 0;
  const onOutput = (bytes: Uint8Array) => {
    chars += bytes.length;
    onProgress?.(doneBytes + Math.floor((chars * 3) / 4));
    const parts = (rest + Buffer.from(bytes).toString('latin1')).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => part.trimEnd()));
  };
  await repl.exec(await helperCall('send_text', [path]), { signal, onOutput });
  const [size = ''] = lines;
  const bytes = Buffer.concat(lines.slice(1, -1).map((line) => Buffer.from(line, 'base64')));
  if (bytes.length !== Number(size)) throw damaged(path);
  return { bytes, sha256: lines.at(-1) ?? '' };
}

function damaged(path: string): UpywError {
  return new UpywError('board/verify', { path, expected: '', actual: '' });
}
