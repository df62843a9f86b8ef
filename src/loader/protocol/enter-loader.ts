import { UpywError } from '../../errors.js';
import type { Port } from '../../transport/port.js';
import { nativeUsb } from '../../transport/native-usb.js';
import { playLines } from '../../transport/reset-lines.js';
import { loaderSequences } from '../../transport/reset-sequences.js';
import type { Esptool } from './esptool.js';
import type { EnterOptions } from '../loader-options.js';

/** The ROM answers within milliseconds; the last one is for slow lines. */
const syncTimeoutsMs = [100, 100, 250];

/** MicroPython's prompt echoes the 0x55 of our questions. */
const echoOfSync = 'UUUUUUUU';
/** Empties the line at the prompt, and interrupts no program (`shared/readline/readline.c`). */
const ctrlU = 0x15;

/** Brings the board into its ROM loader, at 115200 baud, until it answers. Throws `loader/no-sync`. */
export async function enterLoader(esptool: Esptool, options: EnterOptions): Promise<void> {
  const { channel } = esptool;
  const { port } = channel;
  if (port.capabilities.baudRate && port.baudRate !== 115200) await port.setBaudRate(115200);
  esptool.IS_STUB = false;
  for (const sequence of port.capabilities.lines ? loaderSequences(port) : []) {
    channel.flush();
    await playLines(port, sequence, channel.signal);
    if (await syncs(esptool)) return;
  }
  // Without lines it may be in its loader already. With them it may have been brought there by hand in the meantime.
  if (!port.capabilities.lines && (await syncs(esptool))) return;
  if (options.onByHand === undefined || !(await waitForPerson(esptool, options))) {
    const error = noSyncError(esptool);
    if (esptool.channel.tailText.includes(echoOfSync)) await clearLine(port);
    throw error;
  }
}

/** Takes our questions out of the line at MicroPython's prompt, so that what is typed there next is what arrives. */
async function clearLine(port: Port): Promise<void> {
  await port
    .write(Uint8Array.of(ctrlU))
    .then(() => port.drain())
    .catch(() => undefined);
}

async function syncs(esptool: Esptool): Promise<boolean> {
  for (const timeoutMs of syncTimeoutsMs) {
    if (await esptool.trySync(timeoutMs)) return true;
  }
  return false;
}

async function waitForPerson(esptool: Esptool, options: EnterOptions): Promise<boolean> {
  options.onByHand?.();
  const deadlineMs = performance.now() + (options.byHandTimeoutMs ?? 60_000);
  while (performance.now() < deadlineMs) {
    if (await esptool.trySync(300)) return true;
  }
  return false;
}

/** Tells a board that started its program from one that said nothing (mask ROM, `boot:0x13 (SPI_FAST_FLASH_BOOT)`). */
function noSyncError(esptool: Esptool): UpywError {
  const { port, tailText, lastBytes } = esptool.channel;
  const boot = [...tailText.matchAll(/boot:(0x[0-9a-f]+ \([A-Z0-9_/()]+\))/g)].at(-1)?.[1];
  const said = boot ?? (tailText.includes(echoOfSync) ? 'it echoes what it is sent' : undefined);
  const started = said === undefined || said.includes('DOWNLOAD') ? {} : { started: said };
  return new UpywError('loader/no-sync', { port: port.name, lastBytes, ...started, ...nativeUsb(port) });
}
