import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { UpywError } from '../errors.js';

/** All of stdin as text. */
export async function readText(stdin: Readable, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of readStdin(stdin, signal)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Stdin to its end, as it comes. Throws `run/interrupted`. */
export async function* readStdin(stdin: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = () => stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) throw new UpywError('run/interrupted', {});
}
