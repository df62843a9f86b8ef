import { UpywError, isUpywError } from '../../errors.js';
import type { Port } from '../../transport/port.js';

/** Runs what runs code on a board. An exception there says whether the board was switched on for it. */
export async function tellingFresh<Result>(port: Port, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (port.isFresh !== true || !isUpywError(error, 'run/exception')) throw error;
    throw new UpywError('run/exception', { ...error.details, isFresh: true }, { cause: error });
  }
}
