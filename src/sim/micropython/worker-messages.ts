import type { MessagePort } from 'node:worker_threads';
import type { ResetReason } from '../guest.js';
import type { Air } from '../network/access-point.js';
import type { FlashChange, FlashCopy } from '../files/board-flash.js';
import type { CpuMhz } from './clock/cpu-rates.js';
import type { WasmModule } from './wasm/wasm.js';

/** What the VM's thread is started with. */
export interface WorkerStart {
  readonly module: WasmModule;
  readonly console: SharedArrayBuffer;
  /** Carries {@link FromWorker}. */
  readonly port: MessagePort;
  readonly flash: FlashCopy;
  readonly readOnly: boolean;
  /** How much memory programs have. */
  readonly ramBytes: number;
  readonly unpaced: boolean;
  /** The VM takes the time that a chip of this rate does. */
  readonly cpuMhz: CpuMhz | undefined;
  /** Of the console, in bits per second. */
  readonly baudRate: number;
  /** Creating every so-manieth file takes long; undefined: as rarely as usual. */
  readonly compactEvery: number | undefined;
  readonly resetReason: ResetReason;
  readonly mac: readonly number[];
  /** `run`: the chip was reset, boot.py and main.py run. `prompt`: it was switched on long ago and waits for input. */
  readonly boot: 'run' | 'prompt';
  /** The chip's pins: the memory of a `PinPanel`. */
  readonly pins: SharedArrayBuffer;
  /** The Wi-Fi around the board. */
  readonly air: Air;
  /** To this computer's sockets (`HostNet`), where they can be reached. */
  readonly hostNet: MessagePort | undefined;
  /** Seconds between this computer's clock and the board's. */
  readonly clockOffsetS: number;
}

export type FromWorker =
  /** There are bytes to transmit. */
  | { readonly kind: 'output' }
  | { readonly kind: 'flash'; readonly changes: readonly FlashChange[] }
  | { readonly kind: 'uart'; readonly divider: number; readonly configuration: number }
  /** The earliest of the program's timers is due then. */
  | { readonly kind: 'timer'; readonly dueInMs: number | undefined }
  | { readonly kind: 'clock'; readonly offsetS: number }
  | { readonly kind: 'reset'; readonly reason: ResetReason; readonly afterMs: number };
