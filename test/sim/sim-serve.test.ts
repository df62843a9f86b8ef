import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { ServedBoard } from '../support/served-board.js';

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

  it('refuses a second RFC 2217 client, options it was not started with, and strangers on its own channel', async () => {
    const { url } = await serve('sim:live?unpaced');
    await open(url);
    const stranger = connect(Number(new URL(url.replace('rfc2217', 'http')).port), '127.0.0.1');
    await once(stranger, 'close');
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

  it('tells its clients when it ends', async () => {
    const served = await serve('sim:live?unpaced');
    const { repl, port } = await open('sim:live');
    served.server.kill('SIGTERM');
    expect(await repl.listener.untilClosed()).toMatchObject({ code: 'port/lost' });
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port/lost' });
  });

  it.skipIf(process.platform === 'win32')(
    'offers a pseudo-terminal that can be opened again and again',
    async () => {
      const { ptyPath } = await serve('sim:live?unpaced', '--pty');
      for (const name of ['first', 'second']) {
        const { port, repl } = await open(ptyPath!);
        await repl.enterRaw();
        expect(await repl.output(`print("${name}\\n", bytes(3))`)).toBe(`${name}\r\n b'\\x00\\x00\\x00'\r\n`);
        await port.close();
      }
    },
  );
});
