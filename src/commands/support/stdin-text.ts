import { UpywError } from '../../errors.js';
import type { Input } from '../../world.js';

/** All of stdin as text. */
export async function readText(stdin: Input, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const stop = () => stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin) {
      text += typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) throw new UpywError('run/interrupted', {});
  return text + decoder.decode();
}
