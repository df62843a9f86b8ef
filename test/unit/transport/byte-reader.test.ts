import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/transport/byte-reader.js';
import { ScriptedPort } from '../../support/scripted-port.js';

const timeoutMs = 2000;

function open(): { port: ScriptedPort; reader: ByteReader } {
  const port = new ScriptedPort();
  return { port, reader: new ByteReader(port) };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('read', () => {
  it('takes exactly so many bytes and leaves the rest', async () => {
    const { port, reader } = open();
    port.say('abcdef');
    expect(text(await reader.read(4, { timeoutMs }))).toBe('abcd');
    expect(text(reader.take())).toBe('ef');
    expect(text(reader.take())).toBe('');
  });

  it('waits for bytes that come one by one', async () => {
    const { port, reader } = open();
    const reading = reader.read(5, { timeoutMs });
    for (const byte of 'hello') port.say(byte);
    expect(text(await reading)).toBe('hello');
  });

  it('gets an unread piece back in front', async () => {
    const { port, reader } = open();
    port.say('12345');
    reader.unread(await reader.read(2, { timeoutMs }));
    port.say('6');
    expect(text(reader.take())).toBe('123456');
  });

  it('hands over what is here, up to the first byte that is not taken', () => {
    const { port, reader } = open();
    const taken: number[] = [];
    const takeDigits = (byte: number) => byte < 0x3a && taken.push(byte) > 0;
    reader.takeWhile(takeDigits);
    port.say('12a3');
    reader.takeWhile(takeDigits);
    expect([Buffer.from(taken).toString(), text(reader.take())]).toEqual(['12', 'a3']);
  });

  it('carries megabytes through unchanged', async () => {
    const { port, reader } = open();
    const sent = Buffer.alloc(3_000_000, 'The quick brown fox ');
    const received: Uint8Array[] = [];
    for (let at = 0; at < sent.length; at += 1021) {
      port.say(sent.subarray(at, at + 1021));
      if (reader.bufferedBytes > 70_000) received.push(await reader.read(65_536, { timeoutMs }));
    }
    received.push(reader.take());
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  });
});

describe('readUntil', () => {
  const whole = 'one\r\n>>>> two >>>three';

  it.each(Array.from(whole, (_, split) => split))('finds the marker split at byte %i', async (split) => {
    const { port, reader } = open();
    const reading = reader.readUntil('>>> ', { timeoutMs });
    port.say(whole.slice(0, split));
    port.say(whole.slice(split));
    expect(text(await reading)).toBe('one\r\n>>>> ');
    expect(text(reader.take())).toBe('two >>>three');
  });

  it('finds the marker byte by byte', async () => {
    const { port, reader } = open();
    const reading = reader.readUntil(Uint8Array.of(4, 4, 0x3e), { timeoutMs });
    for (const byte of [1, 4, 4, 4, 0x3e, 9]) port.say(Uint8Array.of(byte));
    expect([...(await reading)]).toEqual([1, 4, 4, 4, 0x3e]);
    expect([...reader.take()]).toEqual([9]);
  });

  it.each([true, false])('tells what comes before the marker as it comes (keep: %s)', async (keep) => {
    const { port, reader } = open();
    const told: string[] = [];
    const reading = reader.readUntil('-->', {
      timeoutMs,
      keep,
      onData: (bytes) => told.push(text(bytes)),
    });
    port.say('ab-');
    expect(told).toEqual(['ab']);
    port.say('-c--');
    port.say('-');
    port.say('>rest');
    expect(text(await reading)).toBe(keep ? 'ab--c--->' : '-->');
    expect(told.join('')).toBe('ab--c-');
    expect(text(reader.take())).toBe('rest');
  });

  it('ends with the error that onData throws', async () => {
    const { port, reader } = open();
    const reading = reader.readUntil('!', {
      timeoutMs,
      onData: () => {
        throw new Error('disk full');
      },
    });
    port.say('x');
    await expect(reading).rejects.toThrow('disk full');
  });
});

describe('when it does not come', () => {
  it('gives up at the deadline, quotes the last bytes, and keeps what is buffered', async () => {
    const { port, reader } = open();
    port.say('MicroPython\r\n');
    await expect(reader.readUntil('>>> ', { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'port/silent',
      details: { port: 'scripted', waitedMs: 20, lastBytes: String.raw`MicroPython\r\n` },
    });
    expect(text(reader.take())).toBe('MicroPython\r\n');
  });

  it('reports a lost port, but first hands out what had come', async () => {
    const { port, reader } = open();
    const reading = reader.read(10, { timeoutMs });
    port.say('abc');
    port.hangUp(new Error('unplugged'));
    await expect(reading).rejects.toMatchObject({ code: 'port/lost', details: { lastBytes: 'abc' } });
    expect(text(await reader.read(3, { timeoutMs }))).toBe('abc');
    await expect(reader.read(1, { timeoutMs })).rejects.toMatchObject({ code: 'port/lost' });
  });

  it('ends at once on abort, before and during a wait', async () => {
    const { port, reader } = open();
    const controller = new AbortController();
    const reading = reader.read(1, { timeoutMs, signal: controller.signal });
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'run/interrupted' });
    port.say('x');
    await expect(reader.read(1, { timeoutMs, signal: controller.signal })).rejects.toMatchObject({
      code: 'run/interrupted',
    });
    expect(text(await reader.read(1, { timeoutMs }))).toBe('x');
  });

  it('waits on without a deadline when told Infinity', async () => {
    const { port, reader } = open();
    const reading = reader.read(1, { timeoutMs: Infinity });
    await delay(5);
    port.say('x');
    expect(text(await reading)).toBe('x');
  });

  it('ends a wait when it is disposed of, and hears nothing after', async () => {
    const { port, reader } = open();
    const reading = reader.read(1, { timeoutMs });
    reader.dispose();
    await expect(reading).rejects.toMatchObject({ code: 'port/lost' });
    port.say('x');
    expect(reader.bufferedBytes).toBe(0);
  });

  it('remembers the last 64 bytes ever seen', () => {
    const { port, reader } = open();
    port.say('a'.repeat(60));
    reader.take();
    port.say('0123456789');
    expect(text(reader.tail)).toBe('a'.repeat(54) + '0123456789');
    port.say('z'.repeat(100));
    expect(text(reader.tail)).toBe('z'.repeat(64));
  });
});

describe("the chip's own USB", () => {
  const usb = { vendorId: '303a', productId: '1001' };

  it.each([
    ['port/silent', () => undefined],
    [
      'port/lost',
      (port: ScriptedPort) => {
        port.hangUp(new Error('gone'));
      },
    ],
  ])('may have died from a reset by its lines: %s says what helps', async (code, happen) => {
    const port = Object.assign(new ScriptedPort(), { usb });
    const reading = new ByteReader(port).read(1, { timeoutMs: 50 });
    happen(port);
    await expect(reading).rejects.toMatchObject({ code, hint: expect.stringContaining('Tap EN') as string });
  });
});
