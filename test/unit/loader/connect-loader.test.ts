import { describe, expect, it } from 'vitest';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import type { Loader } from '../../../src/loader/loader.js';
import type { LoaderOptions } from '../../../src/loader/loader-options.js';
import { ChipPort } from '../../support/chip-port.js';

interface Connected {
  readonly loader: Loader;
  readonly stub: boolean;
  readonly notices: readonly string[];
}

async function connect(port: ChipPort, options: LoaderOptions = {}): Promise<Connected> {
  const notices: string[] = [];
  const loader = await connectLoader(port, { onNotice: (notice) => notices.push(notice), ...options });
  return { loader, stub: loader.stub, notices };
}

/** Puts another value into the answers to READ_REG of one register. The value must not need escapes. */
function answerRegister(port: ChipPort, address: number, value: number): void {
  let asked = 0;
  port.toChip = (bytes) => {
    if (bytes[2] === 0x0a) asked = Buffer.from(bytes).readUInt32LE(9);
    return bytes;
  };
  port.toComputer = (bytes) => {
    if (bytes[1] !== 1 || bytes[2] !== 0x0a || asked !== address >>> 0) return bytes;
    const answer = Buffer.from(bytes);
    answer.writeUInt32LE(value, 5);
    return answer;
  };
}

describe.concurrent('connectLoader', () => {
  it('finds out what it is connected to, starts the stub and raises the rate', async () => {
    const port = new ChipPort();
    const { loader, notices } = await connect(port);
    expect(loader.chip).toEqual({ name: 'ESP32', revision: 100, mac: '24:0a:12:34:56:78', lock: undefined });
    expect(loader.description).toMatchObject({ model: 'ESP32-D0WDQ6 (revision 1)', crystalMhz: 40 });
    expect(loader.flash).toEqual({ id: 0xc84016, manufacturer: 'GigaDevice', sizeBytes: 0x400000 });
    expect(loader.stub).toBe(true);
    expect(port.baudRate).toBe(921_600);
    expect(notices).toEqual([]);
  });

  it('does without the stub when told to', async () => {
    const port = new ChipPort();
    expect(await connect(port, { stub: false, baudRate: 460_800 })).toMatchObject({
      stub: false,
      notices: [],
    });
    expect(port.baudRate).toBe(460_800);
  });

  it('does without the stub when it does not start, and says so', async () => {
    const { loader, stub, notices } = await connect(new ChipPort({ silentStub: true }));
    expect(stub).toBe(false);
    expect(loader.flash.sizeBytes).toBe(0x400000);
    expect(notices).toEqual([expect.stringContaining('the stub does not start')]);
  });

  it.each([
    [500_000, 460_800, 1],
    [300_000, 230_400, 2],
    [115_200, 115_200, 3],
  ])('steps down on a line that carries %i baud at most', async (maxBaudRate, expected, steps) => {
    const port = new ChipPort({ maxBaudRate });
    const { stub, notices } = await connect(port);
    expect(stub).toBe(true);
    expect(port.baudRate).toBe(expected);
    expect(notices).toHaveLength(steps);
    expect(notices[0]).toBe('this line does not carry 921600 baud; trying 460800');
  });

  it('takes any rate as the aim', async () => {
    const port = new ChipPort();
    expect((await connect(port, { baudRate: 1_500_000 })).notices).toEqual([]);
    expect(port.baudRate).toBe(1_500_000);
    expect((await connect(port, { baudRate: 115_200 })).notices).toEqual([]);
    expect(port.baudRate).toBe(115_200);
  });

  it('has a person press the buttons where the lines do not', async () => {
    const port = new ChipPort({ autoReset: false });
    const chip = await connect(port, {
      onByHand: () => {
        setTimeout(() => {
          port.reset('loader');
        }, 200);
      },
    });
    expect(chip.stub).toBe(true);
  });

  it('takes a board that is in its loader already, whatever the lines do', async () => {
    const port = new ChipPort({ autoReset: false });
    port.reset('loader');
    expect(await connect(port)).toMatchObject({ stub: true });
  });

  it('takes a stub that another program left running', async () => {
    const port = new ChipPort({ autoReset: false });
    port.reset('loader');
    const first = await connectLoader(port, { baudRate: 115_200 });
    first.dispose();
    expect(await connect(port, { stub: false })).toMatchObject({ stub: true });
  });

  it('takes a board on a line without DTR and RTS, when it is in its loader', async () => {
    const port = new ChipPort({ lines: false });
    port.reset('loader');
    const { loader, stub } = await connect(port);
    expect(stub).toBe(true);
    await loader.leave();
    expect(port.lineLog).toEqual([]);
    expect(port.baudRate).toBe(115_200);
  });

  it('says what helps a chip whose own USB died from a reset by the lines', async () => {
    const port = new ChipPort({ autoReset: false, usb: { vendorId: '303a', productId: '1001' } });
    await expect(connect(port)).rejects.toMatchObject({
      code: 'loader/no-sync',
      hint: expect.stringMatching(/Tap EN \(RST\), or unplug the board and plug it in again/) as string,
    });
  });

  it("plays the lines as Espressif's own USB port wants them", async () => {
    const port = new ChipPort({ autoReset: false, usb: { vendorId: '303a', productId: '1001' } });
    port.reset('loader');
    const { loader } = await connect(port);
    // Never both off on the way from IO0 low to reset.
    expect(port.lineLog).toEqual(['0 0', '1 0', '1 1', '0 1', '0 0']);
    port.lineLog.length = 0;
    await loader.leave();
    expect(port.lineLog.slice(-2)).toEqual(['0 1', '0 0']);
  });

  it.each([
    ['flash encryption is on', 0x3ff5a000, 1 << 20],
    ['flash encryption is on', 0x3ff5a000, 7 << 20],
    [undefined, 0x3ff5a000, 3 << 20],
    ['secure boot is on', 0x3ff5a018, 1 << 5],
  ])('sees in the fuses that %s', async (lock, address, value) => {
    const port = new ChipPort();
    answerRegister(port, address, value);
    const { loader } = await connect(port);
    expect(loader.chip.lock).toBe(lock);
    if (lock === undefined) loader.requireUnlocked();
    else {
      expect(() => {
        loader.requireUnlocked();
      }).toThrow(lock);
    }
  });

  it('names a chip that it does not know', async () => {
    const port = new ChipPort();
    answerRegister(port, 0x40001000, 0x12345678);
    await expect(connect(port)).rejects.toMatchObject({
      code: 'loader/unknown-chip',
      message: expect.stringContaining('12345678') as string,
    });
  });

  it.each([0, 0xffffff])('does not work with a flash chip whose id is %i', async (id) => {
    const port = new ChipPort();
    answerRegister(port, 0x3ff42080, id);
    await expect(connect(port)).rejects.toMatchObject({ code: 'loader/no-flash' });
  });

  it('says what the board did instead, when it is not in its loader', async () => {
    const silent = new ChipPort({ autoReset: false });
    await expect(connect(silent)).rejects.toMatchObject({
      code: 'loader/no-sync',
      exitCode: 3,
      message: 'no loader answered on chip; the board sent nothing',
      hint: expect.stringContaining('Hold BOOT') as string,
    });
    const running = new ChipPort({ autoReset: false });
    setTimeout(() => {
      running.reset('firmware');
    }, 50);
    await expect(connect(running)).rejects.toMatchObject({
      message: expect.stringContaining('runs its own program instead of the loader (0x13') as string,
    });
  });

  it('gives the person only so long', async () => {
    let asked = 0;
    const options = { onByHand: () => asked++, byHandTimeoutMs: 500 };
    await expect(connect(new ChipPort({ autoReset: false }), options)).rejects.toMatchObject({
      code: 'loader/no-sync',
    });
    expect(asked).toBe(1);
  });

  it('gets through noise before and between the answers', async () => {
    const port = new ChipPort();
    port.toComputer = (bytes) => Uint8Array.of(0x0d, 0x0a, ...bytes, 0x55);
    expect(await connect(port)).toMatchObject({ stub: true });
    expect(port.baudRate).toBe(921_600);
  });

  it('works over a line with latency', async () => {
    expect(await connect(new ChipPort({ latencyMs: 20 }))).toMatchObject({ stub: true });
  });

  it.each([1, 4, 10, 25, 40])('ends at once when the cable is pulled at write %i', async (at) => {
    const port = new ChipPort();
    let writes = 0;
    port.toChip = (bytes) => {
      if (++writes === at) port.unplug();
      return bytes;
    };
    const startMs = performance.now();
    await expect(connect(port)).rejects.toMatchObject({ code: 'port/lost' });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });

  it('ends when it is interrupted', async () => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(
      connect(new ChipPort({ autoReset: false }), { signal: controller.signal, onByHand: () => undefined }),
    ).rejects.toMatchObject({ code: 'run/interrupted' });
  });
});
