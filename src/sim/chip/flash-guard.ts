import { isUpywError, type UpywError } from '../../errors.js';
import type { Flash } from '../guest.js';

/**
 * A flash whose file may fail while a program runs on the chip: the disk is full, the folder is gone. The program cannot know what
 * that means, so it goes on, and `onFailure` is told.
 */
export function guardFlash(flash: Flash, onFailure: (error: UpywError) => void): Flash {
  const guard = (change: () => void): void => {
    try {
      change();
    } catch (error) {
      if (isUpywError(error, 'sim/state')) onFailure(error);
      else throw error;
    }
  };
  return {
    sizeBytes: flash.sizeBytes,
    read: (offset, sizeBytes) => flash.read(offset, sizeBytes),
    programmed: () => flash.programmed(),
    program: (offset, bytes) => {
      guard(() => {
        flash.program(offset, bytes);
      });
    },
    erase: (offset, sizeBytes) => {
      guard(() => {
        flash.erase(offset, sizeBytes);
      });
    },
    close: () => {
      flash.close();
    },
  };
}
