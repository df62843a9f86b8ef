import { UpywError } from '../../errors.js';
import type { Port } from '../../transport/port.js';
import { nativeUsb } from '../../transport/native-usb.js';
import { playLines } from '../../transport/reset-lines.js';
import { loaderSequences } from '../../transport/reset-sequences.js';
import type { ChipLink } from './chip-link.js';
import type { CommandLayer } from './command-layer.js';
import type { EnterOptions } from '../loader-options.js';

const romBaudRate = 115_200;

/** The ROM answers within milliseconds; the last one is for slow lines. */
const syncTimeoutsMs = [100, 100, 250];
/** How long somebody may look for the button, and how long each question takes meanwhile. */
const byHandTimeoutMs = 60_000;
const byHandSyncMs = 300;

/** MicroPython's prompt echoes the 0x55 of our questions. */
const echoOfSync = 'UUUUUUUU';
/** Empties the line at the prompt, and interrupts no program (`shared/readline/readline.c`). */
const ctrlU = 0x15;

/** Brings the board into its ROM loader, at 115200 baud, until it answers. Throws `loader/no-sync`. */
export async function enterLoader({ commands, library }: ChipLink, options: EnterOptions): Promise<void> {
  const { channel } = commands;
  const { port } = channel;
  if (port.capabilities.baudRate && port.baudRate !== romBaudRate) await port.setBaudRate(romBaudRate);
  library.restarted();
  for (const sequence of port.capabilities.lines ? loaderSequences(port) : []) {
    channel.flush();
    await playLines(port, sequence, channel.signal);
    if (await syncs(commands)) return;
  }
  // Without lines it may be in its loader already. With them it may have been brought there by hand in the meantime.
  if (!port.capabilities.lines && (await syncs(commands))) return;
  if (options.onByHand === undefined || !(await waitForPerson(commands, options))) {
    const error = noSyncError(commands);
    if (commands.channel.tailText.includes(echoOfSync)) await clearLine(port);
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

async function syncs(commands: CommandLayer): Promise<boolean> {
  for (const timeoutMs of syncTimeoutsMs) {
    if (await commands.trySync(timeoutMs)) return true;
  }
  return false;
}

async function waitForPerson(commands: CommandLayer, options: EnterOptions): Promise<boolean> {
  options.onByHand?.();
  const deadlineMs = performance.now() + (options.byHandTimeoutMs ?? byHandTimeoutMs);
  while (performance.now() < deadlineMs) {
    if (await commands.trySync(byHandSyncMs)) return true;
  }
  return false;
}

/** Tells a board that started its program from one that said nothing (mask ROM, `boot:0x13 (SPI_FAST_FLASH_BOOT)`). */
function noSyncError(commands: CommandLayer): UpywError {
  const { port, tailText, lastBytes } = commands.channel;
  const boot = [...tailText.matchAll(/boot:(0x[0-9a-f]+ \([A-Z0-9_/()]+\))/g)].at(-1)?.[1];
  const said = boot ?? (tailText.includes(echoOfSync) ? 'it echoes what it is sent' : undefined);
  const started = said === undefined || said.includes('DOWNLOAD') ? {} : { started: said };
  return new UpywError('loader/no-sync', { port: port.name, lastBytes, ...started, ...nativeUsb(port) });
}
