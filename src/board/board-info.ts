import { answerTuple } from './answer-tuple.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { helperCall } from './helpers/device-code.js';
import { ask } from './helpers/run-helper.js';

/** What a board says about itself. */
export interface BoardInfo {
  /** Of MicroPython: `1.26.1`. */
  readonly version: string;
  /** `Generic ESP32 module with ESP32`. */
  readonly machine: string;
  /** `esp32`. */
  readonly platform: string;
  /** The heap that Python code can still use, after a garbage collection. */
  readonly freeMemoryBytes: number;
  readonly usedMemoryBytes: number;
  /** In hex, on an ESP32 its MAC address; absent where the firmware has none. */
  readonly uniqueId?: string;
}

export async function readInfo(session: BoardSession, options: OperationOptions): Promise<BoardInfo> {
  const printed = await ask(session, await helperCall('info'), options);
  const [version, machine, platform, freeMemoryBytes, usedMemoryBytes, uniqueId] = answerTuple(
    session.repl,
    printed,
    'what the board is',
  );
  return {
    version: String(version),
    machine: String(machine),
    platform: String(platform),
    freeMemoryBytes: Number(freeMemoryBytes),
    usedMemoryBytes: Number(usedMemoryBytes),
    ...(typeof uniqueId === 'string' ? { uniqueId } : {}),
  };
}
