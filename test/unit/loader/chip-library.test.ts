import { describe, expect, it, onTestFinished } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { CommandLayer } from '../../../src/loader/protocol/command-layer.js';
import { Esptool } from '../../../src/loader/protocol/esptool.js';
import { FrameChannel } from '../../../src/loader/protocol/frame-channel.js';
import { ScriptedPort } from '../../support/scripted-port.js';

/** Espressif, "Serial Protocol": the commands that find out which chip answers. */
const sync = 0x08;
const readReg = 0x0a;
const getSecurityInfo = 0x14;
/** Where every chip has a number of its own (ESP-IDF, `CHIP_DETECT_MAGIC_REG_ADDR`), and the ESP32's. */
const magicRegister = 0x40001000;
const esp32Magic = 0x00f01d83;

interface Answer {
  /** Where it is not the command's: the ROM answers what it does not know under the number of the command before. */
  readonly to?: number;
  readonly value?: number;
  readonly body: readonly number[];
}

/** What a chip says to a command; undefined: nothing. */
type Chip = (command: number, body: Uint8Array) => Answer | undefined;

/** A chip that speaks by hand: frames of SLIP without a byte that would have to be escaped. */
function libraryOf(chip: Chip): Esptool {
  const port = new ScriptedPort();
  port.onWrite = (bytes) => {
    const [command = 0] = bytes.subarray(2, 3);
    const answer = chip(command, bytes.subarray(9, -1));
    if (answer === undefined) return;
    const { to = command, value = 0, body } = answer;
    const header = Buffer.alloc(8);
    header.writeUInt8(1, 0);
    header.writeUInt8(to, 1);
    header.writeUInt16LE(body.length, 2);
    header.writeUInt32LE(value, 4);
    port.say(Uint8Array.of(0xc0, ...header, ...body, 0xc0));
  };
  const channel = new FrameChannel(port);
  onTestFinished(() => {
    channel.dispose();
  });
  return new Esptool(new CommandLayer(channel));
}

const ok = [0, 0, 0, 0];
const words = (...values: readonly number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];

/** Flags, bits of the flash encryption's counter, seven purposes of keys; later chips also say which they are. */
const security = (flags: number, cryptCount: number) => [
  ...words(flags),
  cryptCount,
  ...new Array<number>(7).fill(0),
];

describe('which chip answers', () => {
  it('is told by the chip itself, where it is later than the ESP32-S2', async () => {
    const library = libraryOf((command) =>
      command === getSecurityInfo ? { body: [...security(1, 1), ...words(9, 3), ...ok] } : undefined,
    );
    await library.identify();
    expect(library.chipName).toBe('ESP32-S3');
    expect(await library.readSecurity()).toEqual({ flashCryptCount: 1, secureBoot: true });
    expect(library.isInSecureDownloadMode).toBe(false);
  });

  it('is told by its register, where the answer is as short as that of the ESP32-S2', async () => {
    const library = libraryOf((command) => {
      if (command === getSecurityInfo) return { body: [...security(0, 0), ...ok] };
      return command === readReg ? { value: 0x000007c6, body: ok } : undefined;
    });
    await library.identify();
    expect(library.chipName).toBe('ESP32-S2');
    expect(await library.readSecurity()).toEqual({ flashCryptCount: 0, secureBoot: false });
  });

  it('is told by its register, where the ROM does not know the question', async () => {
    const asked: number[] = [];
    const library = libraryOf((command, body) => {
      asked.push(command);
      if (command === getSecurityInfo) return { to: sync, body: [1, 5, 0, 0] };
      expect(new DataView(body.buffer, body.byteOffset).getUint32(0, true)).toBe(magicRegister);
      return { value: esp32Magic, body: ok };
    });
    await library.identify();
    expect(library.chipName).toBe('ESP32');
    expect(asked).toEqual([getSecurityInfo, readReg]);
  });

  it('is told by its register, where a stub that runs already refuses the question', async () => {
    const library = libraryOf((command) =>
      command === getSecurityInfo ? { body: [0xc3, 0] } : { value: esp32Magic, body: [0, 0] },
    );
    await library.identify();
    expect(library.chipName).toBe('ESP32');
  });

  it('is not known: what was found is said', async () => {
    const library = libraryOf((command) =>
      command === getSecurityInfo ? { body: [...security(0, 0), ...words(4711, 3), ...ok] } : undefined,
    );
    const error: unknown = await library.identify().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UpywError);
    expect(error).toMatchObject({ code: 'loader/unknown-chip', details: { port: 'scripted' } });
  });

  it('is no question to a line that is silent', async () => {
    const library = libraryOf(() => undefined);
    await expect(library.identify()).rejects.toMatchObject({ code: 'loader/silent' });
  });
});
