import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { describeWithPeers } from '../support/peers.js';
import { startUpyw } from '../support/upyw.js';

/** Debian's esptool carries no stub, so it speaks to the ROM. pyserial takes its time for the lines, hence the time limits. */
describeWithPeers('esptool, and the virtual chip behind our RFC 2217 server', ['esptool'], () => {
  const firmware = buildStandIn({ seed: 7 });
  let folder: string;
  let url: string;
  let server: ReturnType<typeof startUpyw>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-esptool-'));
    writeFileSync(join(folder, 'firmware.bin'), firmware);
    server = startUpyw(folder, ['sim', 'serve', '-p', 'sim:peer?unpaced', '--listen', '127.0.0.1:0'], {
      env: { UPYW_SIM_DIR: folder },
    });
    url = await new Promise<string>((resolve, reject) => {
      let said = '';
      server.stdout.on('data', (text: Buffer) => {
        said += text.toString();
        const found = /rfc2217:\/\/[\d.]+:\d+/.exec(said);
        if (found !== null) resolve(found[0]);
      });
      void server.then(({ stderr }) => {
        reject(new Error(`the server ended: ${stderr}`));
      });
    });
  });
  afterAll(async () => {
    server.kill('SIGINT');
    await server;
    rmSync(folder, { recursive: true });
  });

  async function esptool(...args: string[]): Promise<string> {
    const all = ['--port', url, '--chip', 'esp32', '--no-stub', ...args];
    return (await execa('esptool', all, { all: true, timeout: 60_000 })).all;
  }

  it('tells what the chip and its flash are', { timeout: 60_000 }, async () => {
    const chip = await esptool('--baud', '460800', 'flash_id');
    expect(chip).toContain('Chip is ESP32-D0WDQ6 (revision v1.0)');
    expect(chip).toContain('Crystal is 40MHz');
    expect(chip).toMatch(/MAC: 24:0a:12:/);
    expect(chip).toMatch(/Device: 4016\s+Detected flash size: 4MB/);
  });

  it('writes, and finds what it wrote', { timeout: 120_000 }, async () => {
    const path = join(folder, 'firmware.bin');
    expect(await esptool('write_flash', '0x1000', path)).toContain('Hash of data verified');
    expect(await esptool('write_flash', '-u', '0x300000', path)).toContain('Hash of data verified');
    expect(await esptool('verify_flash', '0x1000', path)).toContain('verify OK');
    const read = join(folder, 'read.bin');
    await esptool('read_flash', '0x1000', '0x8000', read);
    expect(Buffer.compare(readFileSync(read), firmware.subarray(0, 0x8000))).toBe(0);
  });

  it('reads back what upyw flash wrote', { timeout: 120_000 }, async () => {
    const other = join(folder, 'other.bin');
    writeFileSync(other, buildStandIn({ seed: 8 }));
    const flashed = await startUpyw(folder, ['flash', other, '-y', '-p', 'sim:peer'], {
      env: { UPYW_SIM_DIR: folder },
    });
    expect(flashed.stderr + flashed.stdout).toContain('verified');
    expect(flashed.exitCode).toBe(0);
    const rest = join(folder, 'rest.bin');
    writeFileSync(rest, new Uint8Array(0x10000).fill(0xff));
    const verified = await esptool('verify_flash', '0x1000', other, '0x300000', rest);
    expect(verified.match(/verify OK/g)).toHaveLength(2);
  });
});
