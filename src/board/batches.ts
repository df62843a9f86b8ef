import { Buffer } from 'node:buffer';

/** Names travel within the code, which the board holds in RAM up to five times over while it is checked and starts. */
const batchBytes = 4_000;
/** Besides the name itself: quotes, a separator, what is said about it. */
const extraBytes = 12;

/** Cuts a list into parts, in order, whose names a board can take in one exchange. Never an empty part. */
export function nameBatches<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[][] {
  const batches: Item[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(nameOf(item)) + extraBytes;
    bytes += itemBytes;
    if (bytes > batchBytes) {
      batches.push([]);
      bytes = itemBytes;
    }
    batches.at(-1)?.push(item);
  }
  return batches;
}
