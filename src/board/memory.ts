import type { PythonValue } from '../rawrepl/parse-python.js';
import { answerTuple } from './answer-tuple.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { helperCall } from './helpers/device-code.js';
import { ask } from './helpers/run-helper.js';

/** Python's heap, in bytes. */
export interface HeapUse {
  readonly freeBytes: number;
  readonly usedBytes: number;
}

/** How a board's memory is used. */
export interface MemoryUse {
  /** As it was met. */
  readonly before: HeapUse;
  /** After `gc.collect()`. */
  readonly after: HeapUse;
  /** The largest piece that a program can have in one. */
  readonly largestBlockBytes: number;
  /** By so much Python's heap may still grow, out of the firmware's. */
  readonly growthBytes?: number;
  readonly stack?: { readonly usedBytes: number; readonly totalBytes: number };
  /** What the firmware has for itself, Wi-Fi included (ESP32); undefined where it does not tell. */
  readonly firmware?: {
    readonly totalBytes: number;
    readonly freeBytes: number;
    readonly largestBlockBytes: number;
  };
  /** Of the chip, where the firmware tells. */
  readonly flashBytes?: number;
}

/** What of the heap may differ between `gc` and `mem_info`: what was made in between. */
const driftBytes = 4096;

export async function readMemory(session: BoardSession, options: OperationOptions): Promise<MemoryUse> {
  const answer = await ask(session, await helperCall('memory'), options);
  const [line = '', ...told] = answer.split('\n');
  const [before, after, regions, flash, blockBytes] = answerTuple(
    session.repl,
    line,
    'how much memory there is',
  );
  const heap = heapUse(session, after);
  const firmware = firmwareUse(regions);
  return {
    before: heapUse(session, before),
    after: heap,
    ...(memInfo(told.join('\n'), heap, Number(blockBytes)) ?? {
      largestBlockBytes: Math.min(heap.freeBytes, await largestBlock(session, options)),
    }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(typeof flash === 'number' && flash > 0 ? { flashBytes: flash } : {}),
  };
}

async function largestBlock(session: BoardSession, options: OperationOptions): Promise<number> {
  const answer = await ask(session, await helperCall('largest_block'), options);
  const [bytes] = answerTuple(session.repl, answer, 'how large a piece of memory can be');
  return Number(bytes);
}

function heapUse(session: BoardSession, value: PythonValue | undefined): HeapUse {
  const [free, used] = Array.isArray(value) ? value : [];
  if (typeof free !== 'number' || typeof used !== 'number')
    throw session.repl.nonsense('how much memory there is');
  return { freeBytes: free, usedBytes: used };
}

/**
 * What `micropython.mem_info()` prints (py/gc.c, `gc_dump_info`). Undefined where a build prints less, or where it is of another heap than
 * `gc` tells of.
 */
function memInfo(
  text: string,
  { freeBytes, usedBytes }: HeapUse,
  blockBytes: number,
): Pick<MemoryUse, 'largestBlockBytes' | 'growthBytes' | 'stack'> | undefined {
  const [, usedStack, totalStack] = /stack: (\d+) out of (\d+)/.exec(text) ?? [];
  const [, total] = /GC: total: (\d+)/.exec(text) ?? [];
  const [, growth] = /max new split: (\d+)/.exec(text) ?? [];
  const [, largest] = /max free sz: (\d+)/.exec(text) ?? [];
  if (largest === undefined || Math.abs(Number(total) - freeBytes - usedBytes) > driftBytes) return undefined;
  return {
    largestBlockBytes: Number(largest) * blockBytes,
    ...(growth === undefined ? {} : { growthBytes: Number(growth) }),
    ...(usedStack === undefined
      ? {}
      : { stack: { usedBytes: Number(usedStack), totalBytes: Number(totalStack) } }),
  };
}

function firmwareUse(regions: PythonValue | undefined): MemoryUse['firmware'] {
  const parts = (Array.isArray(regions) ? regions : []).map((region) =>
    (Array.isArray(region) ? region : []).map(Number),
  );
  if (parts.length === 0) return undefined;
  const sum = (index: number) => parts.reduce((total, part) => total + (part[index] ?? 0), 0);
  return {
    totalBytes: sum(0),
    freeBytes: sum(1),
    largestBlockBytes: Math.max(...parts.map((part) => part[2] ?? 0)),
  };
}
