import type { ByteReader } from '../transport/byte-reader.js';
import { cameInTime } from '../transport/came-in-time.js';
import type { Port } from '../transport/port.js';
import { ctrlC, ctrlD, encodeText } from './control-bytes.js';

const answerMs = 1_000;

/** Has a board at its raw prompt say something nobody else could, and drops everything before that. */
export async function isInStep(
  port: Port,
  reader: ByteReader,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const token = Math.random().toString(16).slice(2, 10).padEnd(8, '0');
  await port.write(encodeText(`${ctrlC}print('${token}',end='')${ctrlD}`));
  const answer = `OK${token}${ctrlD}${ctrlD}>`;
  return cameInTime(reader.skipUntil(answer, { timeoutMs: answerMs, signal }));
}
