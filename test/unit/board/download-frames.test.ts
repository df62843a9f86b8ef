import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DownloadFrames } from '../../../src/board/transfer/download-frames.js';
import { ByteReader } from '../../../src/transport/byte-reader.js';
import { ScriptedPort } from '../../support/scripted-port.js';

const patienceMs = 50;
const busy = '\x18';

/** A frame as the board sends it first, or behind another. */
function frameOf(kind: number, content: string, before?: Buffer): Buffer {
  const head = Buffer.from([kind, content.length & 0xff, content.length >> 8, ...Buffer.from(content)]);
  const end = Buffer.alloc(4);
  end.writeUInt32LE(crc32(head, before?.readUInt32LE(before.length - 4)));
  return Buffer.concat([head, end]);
}

let port: ScriptedPort;
let frames: DownloadFrames;
let stopPouring: () => void;
beforeEach(() => {
  port = new ScriptedPort();
  const channel = { port, reader: new ByteReader(port), inFlightBytes: 256 };
  frames = new DownloadFrames(channel, patienceMs, undefined);
  stopPouring = () => undefined;
});
afterEach(() => {
  stopPouring();
});

function pour(text: string): void {
  const timer = setInterval(() => {
    port.say(text);
  }, patienceMs / 10);
  stopPouring = () => {
    clearInterval(timer);
  };
}

describe('frames of a download', () => {
  it('are found behind what a program prints', async () => {
    port.say('tick 1\r\n');
    port.say(frameOf(0x0e, 'x = 1\n'));
    const frame = await frames.next();
    expect([frame?.kind, Buffer.from(frame?.content ?? []).toString()]).toEqual(['piece', 'x = 1\n']);
  });

  it('whose content was garbled are refused', async () => {
    const frame = frameOf(0x0e, 'x = 1\n');
    frame[4]! ^= 8;
    port.say(frame);
    await expect(frames.next()).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });

  it('follow each other, and are refused behind one that was lost', async () => {
    const first = frameOf(0x11, '1');
    const second = frameOf(0x0e, '2', first);
    const [third, lost] = [frameOf(0x0e, '3', second), frameOf(0x0e, '4', second)];
    for (const frame of [first, second, third, frameOf(0x0f, '5', lost)]) port.say(frame);
    for (const content of ['1', '2', '3'])
      expect(Buffer.from((await frames.next())?.content ?? []).toString()).toBe(content);
    await expect(frames.next()).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });

  it('may take as long as the board says that it is busy', async () => {
    pour(busy);
    setTimeout(() => {
      port.say(frameOf(0x0f, 'digest'));
    }, 5 * patienceMs);
    expect((await frames.next())?.kind).toBe('digest');
  });

  it.each([
    ['that a line at a wrong rate gives', '\0'],
    ['that a program prints', 'tick\r\n'],
  ])('bytes %s are no sign of life', async (_, text) => {
    pour(text);
    await expect(frames.next()).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });

  it('do not come for ever from a board that is only busy', async () => {
    frames = new DownloadFrames({ port, reader: new ByteReader(port), inFlightBytes: 256 }, 5, undefined);
    pour(busy);
    await expect(frames.next()).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });
});
