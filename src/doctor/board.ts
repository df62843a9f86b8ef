import { Board } from '../board/board.js';
import type { BoardInfo } from '../board/board-info.js';
import { openChosenPort, withPort } from '../connecting/open-board.js';
import type { Context } from '../context.js';
import { UpywError, isUpywError } from '../errors.js';
import { connectLoader } from '../loader/connect-loader.js';
import type { ChipIdentity } from '../loader/chip-facts.js';
import type { Port } from '../transport/port.js';
import { wirePort } from '../transport/wired-port.js';
import { portFinding } from './likely-holders.js';
import { type Finding, type Level, findingOf } from './finding.js';

const micropythonMs = 4000;
/** A board that does nothing is at its prompt sooner. */
const heldMs = 1500;
/** Where the ROM's own rate is enough: nothing is sent but questions. */
const romBaudRate = 115200;
const littleMemoryBytes = 20_000;
const littleSpaceShare = 0.05;

/** What is seen of a board. */
export interface BoardLook {
  readonly findings: readonly Finding[];
  readonly info?: BoardInfo | undefined;
  readonly chip?: ChipIdentity | undefined;
}

/**
 * What hangs on the port in force: MicroPython, its memory and its files, then (which restarts it) the chip's loader. What goes wrong is what was
 * looked for, so it is a finding. Throws only when it is interrupted.
 */
export async function lookAtBoard(context: Context): Promise<BoardLook> {
  const open = await attempt(context, () => openChosenPort(context));
  if (open.failure !== undefined) return { findings: [await portFinding(context.world, open.failure)] };
  const port = open.result;
  return withPort(
    context,
    async () => {
      const python = await lookAtMicroPython(context, port);
      const rom = await lookAtLoader(context, port, python.info !== undefined);
      const fit = python.info === undefined ? [] : lookAtFit(python.info, rom.chip);
      const findings = [...python.findings, ...rom.findings, ...fit];
      return { findings, info: python.info, chip: rom.chip };
    },
    () => Promise.resolve(port),
  );
}

async function lookAtMicroPython(context: Context, port: Port): Promise<BoardLook> {
  const { signal, now } = context.world;
  const startMs = now();
  const connected = await attempt(context, () => Board.connect(port, { timeoutMs: micropythonMs, signal }));
  if (connected.failure !== undefined) return { findings: [findingOf(connected.failure)] };
  const board = connected.result;
  const tookMs = now() - startMs;
  const asked = await attempt(context, async () => {
    const info = await board.info({ signal });
    const names = (await board.list('/', { signal })).map(({ path }) => path.replace(/^\//, ''));
    return { info, names, disks: await board.disks({ signal }) };
  });
  await board.disconnect().catch(() => undefined);
  if (asked.failure !== undefined) return { findings: [findingOf(asked.failure)] };
  const { info, names, disks } = asked.result;
  const findings = [
    green('board/micropython', `MicroPython ${info.version} answers on ${port.name}: ${info.machine}`),
    ...lookAtPrograms(names, tookMs),
    ...lookAtMemory(info),
    ...disks.flatMap((disk) => lookAtSpace(disk)),
  ];
  return { findings, info };
}

function lookAtPrograms(names: readonly string[], tookMs: number): Finding[] {
  const programs = ['boot.py', 'main.py'].filter((name) => names.includes(name));
  if (tookMs < heldMs)
    return [
      green(
        'board/programs',
        programs.length === 0 ? 'no program of its own' : `${programs.join(' and ')} let go at once`,
      ),
    ];
  const which = programs.length === 0 ? 'a program' : programs.join(' or ');
  const text = `${which} held the board for ${(tookMs / 1000).toFixed(1)} s before it could be interrupted`;
  const next = 'Give it pauses (time.sleep) that can be interrupted; upyw cat main.py shows it';
  return [{ id: 'board/programs', level: 'yellow', text, next }];
}

function lookAtMemory({ freeMemoryBytes }: BoardInfo): Finding[] {
  const text = `${Math.round(freeMemoryBytes / 1000)} kB of RAM free`;
  if (freeMemoryBytes >= littleMemoryBytes) return [green('board/memory', text)];
  return [{ id: 'board/memory', level: 'yellow', text, next: 'Restart the board to free it: upyw reset' }];
}

function lookAtSpace(disk: { path: string; totalBytes: number; freeBytes: number }): Finding[] {
  const text = `${Math.round(disk.freeBytes / 1000)} of ${Math.round(disk.totalBytes / 1000)} kB free for files at ${disk.path}`;
  if (disk.freeBytes >= disk.totalBytes * littleSpaceShare) return [green('board/space', text)];
  return [
    {
      id: 'board/space',
      level: 'yellow',
      text,
      next: 'Take files away: upyw tree shows them, upyw rm removes them',
    },
  ];
}

/** Whether the chip comes into its loader by the lines, and out again. */
async function lookAtLoader(context: Context, port: Port, hasPython: boolean): Promise<BoardLook> {
  if (!context.flags.mayReset) return { findings: [] };
  if (!port.capabilities.lines) {
    return {
      findings: [green('board/lines', `${port.name} has no reset lines: EN is to be tapped by hand`)],
    };
  }
  const usual = await askLoader(context, port);
  if (usual.chip !== undefined) {
    const text = `the loader of the ${usual.chip.name} ${usual.chip.mac} answers: the auto-reset circuit works`;
    return { findings: [green('board/loader', text)], chip: usual.chip };
  }
  const { failure } = usual;
  if (!isUpywError(failure, 'loader/no-sync'))
    return { findings: failure === undefined ? [] : [findingOf(failure)] };
  for (const flags of ['--dtr 1 --rts 1', '--dtr 1', '--rts 1']) {
    const atRest = { dtr: flags.includes('--dtr'), rts: flags.includes('--rts') };
    const { chip } = await askLoader(context, await wirePort(port, { atRest }));
    if (chip === undefined) continue;
    const text = `the adapter has lines inverted: the loader answers only with ${flags}`;
    const next = `Add it to each command, such as: upyw ${flags} flash`;
    return { findings: [{ id: 'board/inverted', level: 'yellow', text, next }], chip };
  }
  const level: Level = hasPython ? 'yellow' : 'red';
  const text =
    'the board does not enter its loader by itself: it has no auto-reset circuit, or BOOT is not wired to it';
  const next = 'To flash it: hold BOOT, tap EN (RST), let BOOT go, then run upyw flash';
  return { findings: [{ id: 'board/loader', level, text, next }] };
}

async function askLoader(
  context: Context,
  port: Port,
): Promise<{ chip?: ChipIdentity; failure?: UpywError }> {
  const { signal } = context.world;
  const options = { stub: false, baudRate: romBaudRate, signal };
  const connected = await attempt(context, () => connectLoader(port, options));
  if (connected.failure !== undefined) return { failure: connected.failure };
  const loader = connected.result;
  const { chip } = loader;
  await loader.leave().catch(() => undefined);
  return { chip };
}

/** `Generic ESP32 module with ESP32` names the family without its dash: `ESP32S3`. */
function lookAtFit({ machine }: BoardInfo, chip: ChipIdentity | undefined): Finding[] {
  const [, built] = /with (ESP32\w*)/.exec(machine) ?? [];
  if (chip === undefined || built === undefined) return [];
  if (built.toUpperCase() === chip.name.replace('-', ''))
    return [green('board/fit', 'firmware and chip fit')];
  const text = `the firmware is for the ${built}, the chip is an ${chip.name}`;
  return [{ id: 'board/fit', level: 'red', text, next: 'Put the right one on it: upyw flash' }];
}

export function green(id: string, text: string): Finding {
  return { id, level: 'green', text };
}

type Attempt<Result> =
  | { readonly result: Result; readonly failure?: undefined }
  | { readonly failure: UpywError; readonly result?: undefined };

/** What goes wrong here is an answer, unless it is an interruption or a fault of ours. */
export async function attempt<Result>(
  { world }: Pick<Context, 'world'>,
  work: () => Promise<Result>,
): Promise<Attempt<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (world.signal.aborted || !(error instanceof UpywError)) throw error;
    return { failure: error as UpywError };
  }
}
