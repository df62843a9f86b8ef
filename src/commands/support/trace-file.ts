import { once } from 'node:events';
import { type WriteStream, createWriteStream } from 'node:fs';
import { targetError } from '../../errors/local-error.js';

/**
 * A file for a wire trace, readable by its owner only: what passes a wire may hold a Wi-Fi password. Throws `file/…`; what
 * fails later is told once and ends the trace, not the command.
 */
export async function openTraceFile(
  path: string,
  { append, onError }: { append: boolean; onError: (error: Error) => void },
): Promise<WriteStream> {
  const stream = createWriteStream(path, { mode: 0o600, flags: append ? 'a' : 'w' });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw targetError(error, path);
  }
  stream.once('error', onError);
  return stream;
}
