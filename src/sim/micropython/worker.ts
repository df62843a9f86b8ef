import { parentPort } from 'node:worker_threads';
import { FatLibrary } from '../../fat/fat.js';
import { SwitchedOff } from './console/board-console.js';
import { interruptHandlerName } from './interrupt-worker.js';
import { RunningBoard } from './running-board.js';
import { readStartedVm } from './started-vm.js';
import type { WorkerStart } from './worker-messages.js';

/** The thread of a virtual board's VM: it runs one board, and when that was switched off at its prompt the next one. */
const started = readStartedVm();

async function runBoard(start: WorkerStart): Promise<void> {
  const board = new RunningBoard(start, { started, fat: await FatLibrary.load() });
  Object.assign(globalThis, { [interruptHandlerName]: board.breakIn.breakIn });
  try {
    await board.run();
  } catch (error) {
    if (!(error instanceof SwitchedOff)) throw error;
  }
  Object.assign(globalThis, { [interruptHandlerName]: () => undefined });
  // All that a thread says by itself: it is free.
  parentPort?.postMessage('free');
}

parentPort?.on('message', (start: WorkerStart) => {
  void runBoard(start);
});
