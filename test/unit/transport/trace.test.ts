import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { concealed } from '../../../src/transport/concealed.js';
import { tracePort } from '../../../src/transport/trace.js';
import { ScriptedPort } from '../../support/scripted-port.js';

it('writes down all that passes, and has written it when close resolves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upyw-'));
  const path = join(folder, 'wire.log');
  const sink = (await open(path, 'w', 0o600)).createWriteStream();
  const wire = new ScriptedPort();
  const port = tracePort(wire, {
    write: (text) => sink.write(text),
    end: (done) => sink.once('close', done).end(),
  });
  const heard: number[] = [];
  port.subscribe({ data: (bytes) => heard.push(...bytes), close: () => undefined });

  await port.write(Uint8Array.of(3, 0x0d));
  wire.say('>>> \u0001\u0080');
  wire.say(Uint8Array.from({ length: 17 }, (_, index) => 0x41 + index));
  await port.setLines({ dtr: false, rts: true });
  await port.setBaudRate(921_600);
  expect(port.baudRate).toBe(921_600);
  await port.close();

  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^ *\d+\.\d [<>=] /);
  expect(lines.map((line) => line.replace(/^ *\d+\.\d /, ''))).toEqual([
    '= scripted at 115200 baud',
    '> 03 0d                                            |..|',
    '< 3e 3e 3e 20 01 c2 80                             |>>> ...|',
    '< 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|',
    '< 51                                               |Q|',
    '= DTR off, RTS on',
    '= 921600 baud',
    '= closed',
  ]);
  expect(heard).toHaveLength(24);
  expect(wire.log).toEqual(['write 030d', 'lines {"dtr":false,"rts":true}', 'baud 921600', 'close']);
  await port.setLines({ dtr: true });
  expect(sink.closed).toBe(true);
  await rm(folder, { recursive: true });
});

it('writes down how the port was lost', async () => {
  const written: string[] = [];
  const wire = new ScriptedPort();
  const port = tracePort(wire, {
    write: (text) => written.push(text),
    end: (done) => {
      done();
    },
  });
  wire.hangUp(new Error('unplugged'));
  await port.close();
  expect(written.join('')).toContain('= lost: unplugged\n');
});

it('does not hold up closing when the log cannot be written', async () => {
  const port = tracePort(new ScriptedPort(), { write: () => undefined, end: () => undefined });
  const startedAt = performance.now();
  await port.close();
  expect(performance.now() - startedAt).toBeLessThan(4000);
});

it('what is concealed is there as lengths, and as one digest for each direction', async () => {
  let written = '';
  const wire = new ScriptedPort();
  const port = tracePort(wire, {
    write: (text) => (written += text),
    end: (done) => {
      done();
    },
  });
  const heard: number[] = [];
  port.subscribe({ data: (bytes) => heard.push(...bytes), close: () => undefined });
  const result = concealed(port, async () => {
    await port.write(new TextEncoder().encode('tell-nobody'));
    await port.write(new TextEncoder().encode('-42'));
    wire.say('OK');
    return 'done';
  });
  expect(await result).toBe('done');
  await port.write(Uint8Array.of(4));
  const lines = written
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^ *\d+\.\d /, ''));
  expect(lines.slice(1)).toEqual([
    '= what follows is secret: lengths only',
    '> 11 bytes',
    '> 3 bytes',
    '< 2 bytes',
    `= > 14 bytes of it, SHA-256 ${createHash('sha256').update('tell-nobody-42').digest('hex')}`,
    `= < 2 bytes of it, SHA-256 ${createHash('sha256').update('OK').digest('hex')}`,
    `> ${'04'.padEnd(47)}  |.|`,
  ]);
  expect(new TextDecoder().decode(Uint8Array.from(heard))).toBe('OK');
  expect(wire.log[0]).toBe('write 74656c6c2d6e6f626f6479');
});

it('an error out of what is concealed does not quote the board', async () => {
  const port = new ScriptedPort();
  const lost = new UpywError('port/lost', { port: 'COM3', lastBytes: 'tell-nobody-42' });
  await expect(concealed(port, () => Promise.reject(lost))).rejects.toMatchObject({
    code: 'port/lost',
    details: { port: 'COM3', lastBytes: '(not shown)' },
  });
});

it('tells who the port is, as the port itself does', () => {
  const usb = { vendorId: '303a', productId: '1001', serialNumber: 'A1' };
  const wire = Object.assign(new ScriptedPort(), { usb });
  expect(tracePort(wire, { write: () => true, end: () => undefined }).usb).toEqual(usb);
  expect(tracePort(new ScriptedPort(), { write: () => true, end: () => undefined }).usb).toBeUndefined();
});
