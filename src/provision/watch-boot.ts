import { UpywError, isUpywError } from '../errors.js';
import { parsePython } from '../rawrepl/parse-python.js';
import { RestartCounter } from '../rawrepl/restart-loop.js';
import { ByteReader, type WaitOptions } from '../transport/byte-reader.js';
import type { Port } from '../transport/port.js';
import { quoteBytes } from '../transport/quote-bytes.js';

/** What a board said about Wi-Fi and the clock as it started. */
export interface BootReport {
  readonly wifi: WifiReport;
  readonly clock: ClockReport;
}

export interface WifiReport {
  readonly ip: string;
  /** Undefined where the firmware does not tell. */
  readonly rssiDbm: number | undefined;
  /** From the first attempt to the address. */
  readonly seconds: number;
}

/** `time`: as the board prints it, with its offset; or why it is not set. */
export type ClockReport =
  { readonly isSet: true; readonly time: string } | { readonly isSet: false; readonly reason: string };

export interface WatchOptions {
  readonly ssid: string;
  /** What the board says when it starts; what comes before that is not looked at. */
  readonly startSign?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Gets what wifi_and_ntp.py says, line by line. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A boot.py may do other things first; wifi_and_ntp.py itself takes some 30 s at most. */
const usualPatienceMs = 60_000;
/** How lines of device/wifi_and_ntp.py begin; what may follow is described there. */
const prefix = 'wifi_and_ntp: ';
const keptLines = 4;
/** What the ESP32's ROM and second bootloader say at every start, and MicroPython's banner. */
const notFromBootPy =
  /^(?:ets \w+ +\d|rst:0x|configsip: |clk_drv:|mode:\w+, clock div:|load:0x|ho \d+ tail |entry 0x|MPY: soft reboot|MicroPython v|Type "help)/;

/**
 * Watches a board start after `restart` until it is in the network and has asked for the time. Throws `provision/…` for what
 * keeps it out, `rawrepl/restarts`, `port/lost`, `run/interrupted`. The port is left to the board: nothing is sent to it.
 */
export async function watchBoot(
  port: Port,
  restart: () => Promise<void>,
  { ssid, startSign, timeoutMs = usualPatienceMs, signal, onLine }: WatchOptions,
): Promise<BootReport> {
  const reader = new ByteReader(port);
  const startedAt = performance.now();
  const lines: string[] = [];
  const said: string[] = [];
  const restarts = new RestartCounter();
  try {
    await restart();
    const wait = () => ({ timeoutMs: Math.max(1, startedAt + timeoutMs - performance.now()), signal });
    if (startSign !== undefined) await reader.readUntil(startSign, wait());
    for (;;) {
      const line = await readLine(reader, wait());
      if (typeof line !== 'string') {
        const waitedMs = performance.now() - startedAt;
        if (said.length === 0) throw notStarted(lines, line.isAtPrompt, waitedMs);
        if (line.isAtPrompt) return judge(said, ssid);
        const connected = said.some((message) => message.startsWith('connected '));
        throw new UpywError('provision/not-in-time', { ssid, waitedMs, connected });
      }
      lines.push(line);
      restarts.push(new TextEncoder().encode(`${line}\n`));
      const { loop } = restarts;
      if (loop !== undefined) throw new UpywError('rawrepl/restarts', { port: port.name, ...loop });
      const message = messageIn(line);
      if (message === undefined) continue;
      onLine?.(message);
      said.push(message);
      if (/^(?:done|interrupted)\b/.test(message)) return judge(said, ssid);
    }
  } finally {
    reader.dispose();
  }
}

function messageIn(line: string): string | undefined {
  const at = line.indexOf(prefix);
  return at === -1 ? undefined : line.slice(at + prefix.length);
}

/** The next line, or why there is none: the prompt, behind which nothing comes by itself, or the deadline. */
async function readLine(reader: ByteReader, wait: WaitOptions): Promise<string | { isAtPrompt: boolean }> {
  let line = '';
  const decoder = new TextDecoder();
  const onData = (bytes: Uint8Array) => {
    line += decoder.decode(bytes, { stream: true });
    if (line.endsWith('>>> ')) throw new AtPrompt();
  };
  try {
    await reader.readUntil('\n', { ...wait, keep: false, onData });
    return line.replace(/\r$/, '');
  } catch (error) {
    const isAtPrompt = error instanceof AtPrompt;
    if (isAtPrompt || isUpywError(error, 'port/silent')) return { isAtPrompt };
    throw error;
  }
}

class AtPrompt extends Error {}

function notStarted(lines: readonly string[], ended: boolean, waitedMs: number): UpywError {
  const own = lines.filter((line) => line !== '' && !notFromBootPy.test(line));
  const lastBytes = quoteBytes(new TextEncoder().encode(own.slice(-keptLines).join(' / ')));
  return new UpywError('provision/not-started', { waitedMs, ended, lastBytes });
}

/** What the lines say in the end. */
function judge(said: readonly string[], ssid: string): BootReport {
  const find = (pattern: RegExp) =>
    said.map((message) => pattern.exec(message)).findLast((match) => match !== null);
  const connected = find(/^connected ip=(\S+) rssi=(\S+) after=([\d.]+) s/);
  if (connected === undefined) throw whyNot(said, ssid);
  const [, ip = '', rssi = '', seconds = ''] = connected;
  const rssiDbm = /^-?\d+$/.test(rssi) ? Number(rssi) : undefined;
  const set = find(/^clock set (.+)$/);
  const noTime = find(/^(no time from .+)$/);
  return {
    wifi: { ip, rssiDbm, seconds: Number(seconds) },
    clock:
      set === undefined
        ? { isSet: false, reason: noTime?.[1] ?? 'the board did not ask for the time' }
        : { isSet: true, time: set[1] ?? '' },
  };
}

function whyNot(said: readonly string[], ssid: string): UpywError {
  const reason =
    said.findLast((message) => !/^(?:done|retrying|connecting|in range)\b/.test(message)) ??
    'it does not say why';
  if (reason.startsWith('no such network')) {
    return new UpywError('provision/no-network', { ssid, heard: namesInRange(said) });
  }
  if (reason.startsWith('wrong password')) return new UpywError('provision/wrong-password', { ssid });
  if (reason.startsWith('no address')) return new UpywError('provision/no-address', { ssid });
  return new UpywError('provision/not-connected', { ssid, reason });
}

/** The networks that the board hears; empty where it does not say. */
function namesInRange(said: readonly string[]): string[] {
  const list = said.flatMap((message) => /^in range: (\[.*\])$/.exec(message)?.[1] ?? []).at(-1);
  if (list === undefined) return [];
  try {
    const names = parsePython(list);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
