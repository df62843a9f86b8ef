import { UpywError } from '../errors.js';
import type { BoardEvents, BoardLink } from './board-link.js';
import { chipIdentity } from './chip/identity.js';
import type { SimAddress } from './sim-address.js';
import { describeHolder, takeLock } from './state/board-lock.js';
import { makeBoardFolder, openBoardFlash } from './state/board-state.js';
import { VirtualBoard } from './virtual-board.js';

/**
 * A board in this process, with its lock held for as long as it is on.
 * @throws UpywError `sim/state`, `port/busy`
 */
export function switchOn(
  address: string,
  folder: string,
  { name, options }: SimAddress,
  events: BoardEvents,
): BoardLink {
  makeBoardFolder(folder);
  const lock = takeLock(folder);
  if (!('release' in lock)) {
    throw new UpywError('port/busy', { port: address, holder: describeHolder(lock) });
  }
  try {
    const flash = openBoardFlash(folder);
    const board = new VirtualBoard({
      ...options,
      flash,
      identity: chipIdentity(name, options.silicon),
      events,
    });
    return {
      write: board.write.bind(board),
      setBaudRate: board.setBaudRate.bind(board),
      setLines: board.setLines.bind(board),
      close: () =>
        board.close().finally(() => {
          lock.release();
        }),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
