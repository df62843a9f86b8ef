import type { BoardEvents } from './board-link.js';
import type { Faults } from './chip/faults.js';
import type { ChipIdentity } from './chip/identity.js';
import type { CpuMhz } from './micropython/clock/cpu-rates.js';
import type { Flash } from './guest.js';
import type { AccessPoint } from './network/access-point.js';

/** A board as it is bought and wired, and who hears of it. */
export interface VirtualBoardOptions {
  readonly flash: Flash;
  readonly identity: ChipIdentity;
  /** No wire time and no chip time. */
  readonly unpaced: boolean;
  /** MicroPython takes the time that a chip of this rate does; undefined: as little as it can. */
  readonly cpuMhz?: CpuMhz;
  /** The USB adapter's latency timer. */
  readonly latencyMs: number;
  /** The file system is mounted read-only. */
  readonly readOnly: boolean;
  /** How much memory programs have. */
  readonly ramBytes: number;
  readonly faults: Faults;
  /** The Wi-Fi networks there are; undefined: whichever is asked for. */
  readonly accessPoints?: readonly AccessPoint[];
  /** What is connected to pins when the board is switched on: millivolts by GPIO. */
  readonly connectedMv?: Readonly<Record<string, number>>;
  /** Programs reach this computer's loopback addresses. */
  readonly hasHostNet?: boolean;
  readonly events: BoardEvents;
  /** MicroPython's input ring was full when so many more bytes came. */
  readonly onInputLost?: (sizeBytes: number) => void;
  /** MicroPython's VM has failed, and the chip reboots. */
  readonly onPanic?: (reason: string) => void;
}
