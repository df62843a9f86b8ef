import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { ByteReader } from '../../../src/transport/byte-reader.js';
import type { Port } from '../../../src/transport/port.js';
import { openSerialPort } from '../../../src/transport/serial/serial.js';
import { openPty, type Pty } from '../../support/pty.js';
import { describeWith } from '../../support/systems.js';

const options = { baudRate: 115_200 };
const timeoutMs = 5000;

/** What the far end hears from now on. */
function listen(master: Pty['master']): () => string {
  let heard = '';
  master.on('data', (bytes: Uint8Array) => (heard += Buffer.from(bytes).toString('latin1')));
  return () => heard;
}

function closed(port: Port): Promise<Error | undefined> {
  return new Promise((resolve) => port.subscribe({ data: () => undefined, close: resolve }));
}

async function pair(): Promise<{ pty: Pty; port: Port }> {
  const pty = await openPty();
  if (pty === undefined) throw new Error('no pseudo-terminal');
  const port = await openSerialPort(pty.path, options);
  onTestFinished(async () => {
    await port.close();
    await pty.hangUp();
  });
  return { pty, port };
}

describeWith('pseudo-terminals like serial ports', 'a serial device (a pseudo-terminal)', () => {
  it('carries every byte both ways', async () => {
    const { pty, port } = await pair();
    const all = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    const heard = listen(pty.master);
    await port.write(all);
    await port.drain();
    await expect.poll(() => heard().length).toBe(1024);
    expect(Buffer.from(heard(), 'latin1').equals(all)).toBe(true);
    const reader = new ByteReader(port);
    pty.master.write(all);
    expect(await reader.read(1024, { timeoutMs })).toEqual(all);
  });

  it('keeps writes in order without waiting for them', async () => {
    const { pty, port } = await pair();
    const heard = listen(pty.master);
    const pieces = Array.from({ length: 200 }, (_, index) => `${index},`.repeat(20));
    await Promise.all(pieces.map((piece) => port.write(Buffer.from(piece))));
    await expect.poll(heard).toBe(pieces.join(''));
  });

  it('has no lines, and says so', async () => {
    const { port } = await pair();
    expect(port.capabilities).toEqual({ lines: false, baudRate: true });
    await expect(port.setLines({ dtr: true })).rejects.toMatchObject({ code: 'port/no-lines' });
  });

  it.each([9600, 74_880, 921_600])('changes its rate to %i', async (baudRate) => {
    const { pty, port } = await pair();
    await port.setBaudRate(baudRate);
    expect(port.baudRate).toBe(baudRate);
    if (baudRate !== 74_880) {
      expect((await execa('stty', ['-F', pty.path, 'speed'])).stdout).toBe(String(baudRate));
    }
  });

  it('is busy for a second opener, who learns by whom', async () => {
    const { pty } = await pair();
    await expect(openSerialPort(pty.path, options)).rejects.toMatchObject({
      code: 'port/busy',
      exitCode: 3,
      details: { port: pty.path, holder: expect.stringContaining(`(process ${process.pid})`) as unknown },
    });
  });

  it('is free again as soon as close has resolved, which may be called twice', async () => {
    const { pty, port } = await pair();
    const ended = closed(port);
    await Promise.all([port.close(), port.close()]);
    expect(await ended).toBeUndefined();
    const again = await openSerialPort(pty.path, options);
    await again.close();
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port/lost' });
  });

  it('closes at once in the middle of a write that nobody takes', async () => {
    const { pty, port } = await pair();
    pty.master.pause();
    const writing = port.write(new Uint8Array(1_000_000));
    const startedAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await port.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await expect(writing).rejects.toMatchObject({ code: 'port/lost' });
    await (await openSerialPort(pty.path, options)).close();
  });

  it('is lost when the far end hangs up', async () => {
    const { pty, port } = await pair();
    const ended = closed(port);
    await pty.hangUp();
    expect(await ended).toMatchObject({ code: 'port/lost', exitCode: 3 });
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port/lost' });
    await port.close();
  });

  it('is lost when its name goes away, as that of an unplugged USB device does', async () => {
    const pty = (await openPty())!;
    const folder = await mkdtemp(join(tmpdir(), 'upyw-'));
    const link = join(folder, 'ttyUSB0');
    await symlink(pty.path, link);
    const port = await openSerialPort(link, options);
    const ended = closed(port);
    await unlink(link);
    expect(await ended).toMatchObject({ code: 'port/lost', details: { port: link } });
    await port.close();
    await pty.hangUp();
    await rm(folder, { recursive: true });
  });

  it('is not opened for someone who has already given up', async () => {
    const pty = (await openPty())!;
    const opening = openSerialPort(pty.path, { ...options, signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 'run/interrupted', exitCode: 130 });
    await (await openSerialPort(pty.path, options)).close();
    await pty.hangUp();
  });
});

describeWith('device files', 'what is no serial device', () => {
  const folders: string[] = [];
  afterEach(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it('is not found', async () => {
    await expect(openSerialPort('/dev/ttyUSB987', options)).rejects.toMatchObject({
      code: 'port/not-found',
      exitCode: 3,
      details: { port: '/dev/ttyUSB987', known: expect.any(Array) as unknown },
    });
  });

  it('is named as what it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upyw-'));
    folders.push(folder);
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'hello');
    await expect(openSerialPort(file, options)).rejects.toMatchObject({
      code: 'usage/bad-port',
      details: { port: file, reason: 'it is not a serial port' },
    });
    await expect(openSerialPort(folder, options)).rejects.toMatchObject({
      code: 'usage/bad-port',
      details: { port: folder, reason: 'it is a folder' },
    });
  });
});
