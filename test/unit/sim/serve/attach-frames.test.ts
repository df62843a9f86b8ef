import { expect, it } from 'vitest';
import {
  encodeFrame,
  encodeNumber,
  decodeNumber,
  FrameReceiver,
} from '../../../../src/sim/serve/attach-frames.js';

it.each([1, 3, 7, 1000])('frames come out whole when cut into chunks of %i', (chunkSize) => {
  const stream = Uint8Array.from([...encodeFrame(4, Uint8Array.of(1, 2, 3)), ...encodeNumber(6, 921_600)]);
  const frames: [number, number[]][] = [];
  const receiver = new FrameReceiver((kind, body) => frames.push([kind, [...body]]));
  for (let at = 0; at < stream.length; at += chunkSize) receiver.receive(stream.slice(at, at + chunkSize));
  expect(frames[0]).toEqual([4, [1, 2, 3]]);
  expect(decodeNumber(Uint8Array.from(frames[1]![1]))).toBe(921_600);
});

it('what is no frame is not waited for', () => {
  const receiver = new FrameReceiver(() => undefined);
  expect(() => {
    receiver.receive(new TextEncoder().encode('GET / HTTP/1.1\r\n'));
  }).toThrow(RangeError);
});
