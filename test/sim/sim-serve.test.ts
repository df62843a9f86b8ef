import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { ServedBoard } from '../support/served-board.js';
import { startUpyw } from '../support/upyw.js';
import { testWith } from '../support/systems.js';

/** A board that stays switched on, and those who come to it. */
let board: ServedBoard | undefined;
const ports: Port[] = [];
const before = process.env['UPYW_SIM_DIR'];

afterEach(async () => {
  for (const port of ports.splice(0)) await port.close();
  await board?.stop();
  board = undefined;
  if (before === undefined) delete process.env['UPYW_SIM_DIR'];
  else process.env['UPYW_SIM_DIR'] = before;
});

async function serve(address: string, ...options: string[]): Promise<ServedBoard> {
  board = await ServedBoard.start(address, ...options);
  process.env['UPYW_SIM_DIR'] = board.env['UPYW_SIM_DIR'];
  return board;
}

async function open(name: string): Promise<{ port: Port; repl: ReplClient }> {
  const port = await openPort(name);
  ports.push(port);
  const repl = new ReplClient(port);
  return { port, repl };
}

describe('upyw sim serve', () => {
  it('is the same live board for sim:NAME and for RFC 2217, one client at a time', async () => {
    const { url } = await serve('sim:live?unpaced');
    const first = await open('sim:live');
    await first.repl.enterRaw();
    await first.repl.output('seen = ["sim"]');
    await expect(openPort('sim:live')).rejects.toMatchObject({ code: 'port/busy' });
    await first.port.close();

    const second = await open(url);
    await second.repl.enterRaw();
    expect(await second.repl.output('seen.append("rfc2217"); print(seen)')).toBe("['sim', 'rfc2217']\r\n");
    await expect(openPort('sim:live?unpaced')).rejects.toMatchObject({ code: 'port/busy' });
    await second.port.close();

    const third = await open('sim:live');
    await third.repl.enterRaw();
    expect(await third.repl.output('print(seen)')).toBe("['sim', 'rfc2217']\r\n");
  });

  it('is in upyw list while it is served, under the name that -p takes', async () => {
    const { env, folder, server } = await serve('sim:desk1?unpaced');
    await (await openPort('sim:other?unpaced')).close();
    const listed = async (...options: string[]): Promise<unknown[]> => {
      const { stdout } = await startUpyw(folder, ['list', '--json', ...options], { env });
      const { ports } = JSON.parse(stdout) as { ports: { path: string }[] };
      return ports.filter(({ path }) => path.startsWith('sim:'));
    };
    expect(await listed()).toEqual([
      { path: 'sim:desk1', manufacturer: 'virtual board', mac: '24:0a:12:5e:cc:a8' },
    ]);
    const answer: unknown = expect.objectContaining({ kind: 'micropython' });
    expect(await listed('--probe')).toEqual([expect.objectContaining({ path: 'sim:desk1', answer })]);
    server.kill('SIGTERM');
    await server;
    expect(await listed()).toEqual([]);
  });

  it('refuses a second RFC 2217 client, options it was not started with, and strangers on its own channel', async () => {
    const { url } = await serve('sim:live?unpaced');
    const first = await open(url);
    await expect(openPort(url)).rejects.toMatchObject({ code: 'port/busy' });
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const stranger = connect(Number(new URL(url.replace('rfc2217', 'http')).port), '127.0.0.1');
      stranger.write('me too');
      await once(stranger, 'data');
      stranger[leave]();
      await once(stranger, 'close');
    }
    await first.repl.enterRaw();
    expect(await first.repl.output('print("still here")')).toBe('still here\r\n');
    await expect(openPort('sim:live?latency=5')).rejects.toMatchObject({ code: 'sim/bad-option' });
  });

  it('passes lines, rates and every byte to the board', async () => {
    await serve('sim:live?unpaced');
    const { port, repl } = await open('sim:live');
    await port.setLines({ rts: true });
    await port.setLines({ rts: false });
    await repl.until('>>> ');
    await port.setBaudRate(9600);
    await repl.send('\x01');
    await port.setBaudRate(115_200);
    await repl.enterRaw();
    const code =
      'import sys, micropython\nmicropython.kbd_intr(-1)\nsys.stdout.write("go")\nb = sys.stdin.buffer.read(256)\nprint(b == bytes(range(256)))';
    await repl.ask(`${code}\x04`, 'go');
    await repl.send(String.fromCharCode(...Array(256).keys()));
    expect((await repl.end()).output).toBe('True\r\n');
    await port.drain();
  });

  it.each(['sim:live', 'the URL'])('garbles both ways while the rates differ: %s', async (name) => {
    const { url } = await serve('sim:live?unpaced');
    const { port, repl } = await open(name === 'sim:live' ? name : url);
    await repl.enterRaw();
    // By 80 MHz: 86 13/16.
    await repl.start(
      'import machine, micropython, sys, time\nd, c = machine.mem32[0x3ff40014], machine.mem32[0x3ff40020]\n' +
        'def rate(divider, clock):\n  machine.mem32[0x3ff40020] = clock\n  machine.mem32[0x3ff40014] = divider\n' +
        'time.sleep_ms(50)\nrate(86 | 13 << 20, c | 1 << 27)\nprint("answer")\n' +
        'micropython.kbd_intr(-1)\nb = b""\nwhile b[-4:] != b"end!": b += sys.stdin.buffer.read(1)\n' +
        'micropython.kbd_intr(3)\nprint("got", b"abcdef" in b, len(b) > 6)',
    );
    await vi.waitFor(() => {
      expect(repl.listener.said).not.toBe('');
    });
    expect(repl.listener.said).not.toContain('answer');
    // To a board that is faster, each byte of a slow host looks like several.
    await repl.send('abcdef');
    await port.setBaudRate(921_600);
    repl.listener.said = '';
    await repl.send('end!');
    expect((await repl.end()).output).toBe('got False True\r\n');
    await repl.start('time.sleep_ms(50); rate(d, c)');
    await vi.waitFor(() => {
      expect(repl.listener.said).not.toBe('');
    });
    await port.setBaudRate(115_200);
    await repl.enterRaw();
    expect(await repl.output('print("slow")')).toBe('slow\r\n');
  });

  it('says how much the input ring could not hold', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'upyw-lost-'));
    const args = ['sim', 'serve', '-p', 'sim:live?unpaced', '--listen', '127.0.0.1:0'];
    const server = startUpyw(folder, args, { env: { UPYW_SIM_DIR: folder } });
    process.env['UPYW_SIM_DIR'] = folder;
    await once(server.stdout, 'data');
    const { port, repl } = await open('sim:live');
    await repl.enterRaw();
    await repl.start('import sys, time; time.sleep_ms(300); print(len(sys.stdin.buffer.read(259)))');
    await repl.send('x'.repeat(300));
    expect((await repl.end()).output).toBe('259\r\n');
    await port.close();
    server.kill('SIGTERM');
    const { stderr } = await server;
    rmSync(folder, { recursive: true, maxRetries: 5 });
    expect(stderr).toContain("41 bytes were lost: more came than the board's input ring holds");
  });

  it('tells its clients when it ends', async () => {
    const served = await serve('sim:live?unpaced');
    const { repl, port } = await open('sim:live');
    served.server.kill('SIGTERM');
    expect(await repl.listener.untilClosed()).toMatchObject({ code: 'port/lost' });
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port/lost' });
  });

  testWith('pseudo-terminals', 'offers a pseudo-terminal that can be opened again and again', async () => {
    const { ptyPath } = await serve('sim:live?unpaced', '--pty');
    for (const name of ['first', 'second']) {
      const { port, repl } = await open(ptyPath!);
      await repl.enterRaw();
      expect(await repl.output(`print("${name}\\n", bytes(3))`)).toBe(`${name}\r\n b'\\x00\\x00\\x00'\r\n`);
      await port.close();
    }
  });
});
