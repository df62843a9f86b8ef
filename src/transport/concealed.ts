import { UpywError } from '../errors.js';
import type { Port } from './port.js';

/**
 * Runs `work` with what passes the port kept out of a record of it, and out of errors: those would quote what the board
 * said last.
 */
export async function concealed<Result>(port: Port, work: () => Promise<Result>): Promise<Result> {
  const reveal = port.conceal?.();
  try {
    return await work();
  } catch (error) {
    throw withoutBytes(error);
  } finally {
    reveal?.();
  }
}

function withoutBytes(error: unknown): unknown {
  if (!(error instanceof UpywError)) return error;
  const { code, details } = error as UpywError;
  return 'lastBytes' in details ? new UpywError(code, { ...details, lastBytes: '(not shown)' }) : error;
}
