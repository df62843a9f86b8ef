import { UpywError } from '../errors.js';

/** Of all MicroPython from 1.19 on, so far. */
export const bytecodeVersion = 6;

const magic = 'M'.charCodeAt(0);
/** `py/persistentcode.h`: what is above is the chip's own code, if any, and its form. */
const archShift = 2;
const architectures = [
  ...['bytecode', 'x86', 'x64', 'armv6', 'armv6m', 'armv7m', 'armv7em', 'armv7emsp', 'armv7emdp'],
  ...['xtensa', 'xtensawin', 'rv32imc', 'rv64imc'],
];

/** What a board loads, as `sys.implementation._mpy` tells it: 0 where it loads none. */
export interface BytecodeFormat {
  readonly version: number;
  /** Of the chip's own code; undefined where it takes bytecode alone. */
  readonly architecture: string | undefined;
}

export function formatOf(mpy: number): BytecodeFormat {
  const architecture = architectures[(mpy >> 10) & 0x0f];
  return { version: mpy & 0xff, architecture: architecture === 'bytecode' ? undefined : architecture };
}

/** Throws `mpy/format` where that firmware does not load what is compiled here. */
export function requireFormat({ version }: BytecodeFormat): void {
  if (version !== bytecodeVersion)
    throw new UpywError('mpy/format', { board: version, file: bytecodeVersion });
}

/** Looks whether a file is bytecode that a board loads. Throws `mpy/not-bytecode`, `mpy/format`, `mpy/architecture`. */
export function checkBytecode(path: string, bytes: Uint8Array, board: BytecodeFormat): void {
  const [sign, version = 0, flags = 0, smallIntBits] = bytes;
  if (sign !== magic || smallIntBits === undefined) throw new UpywError('mpy/not-bytecode', { path });
  if (version !== board.version)
    throw new UpywError('mpy/format', { path, board: board.version, file: version });
  const architecture = architectures[(flags >> archShift) & 0x0f];
  if (architecture === 'bytecode' || architecture === board.architecture) return;
  throw new UpywError('mpy/architecture', {
    path,
    board: board.architecture ?? 'none',
    file: architecture ?? 'another',
  });
}
