import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FileArrivals } from '../../../src/board/transfer/file-arrivals.js';

test('more than was announced is refused before it is written', async () => {
  const written: number[] = [];
  const events: string[] = [];
  const arrivals = new FileArrivals(['a'], () => ({
    write: (bytes) => void written.push(bytes.length),
    finish: () => void events.push('finished'),
    abandon: () => void events.push('abandoned'),
  }));
  await arrivals.begin(5);
  await arrivals.take(Uint8Array.of(1, 2, 3));
  await expect(arrivals.take(Uint8Array.of(4, 5, 6))).rejects.toMatchObject({ code: 'board/verify' });
  expect([written, events]).toEqual([[3], ['abandoned']]);
  await arrivals.begin(0);
  await arrivals.finish(createHash('sha256').digest());
  expect(events).toEqual(['abandoned', 'finished']);
});
