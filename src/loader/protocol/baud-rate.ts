import { isUpywError, UpywError } from '../../errors.js';
import { op, packWords } from './commands.js';
import type { Esptool } from './esptool.js';

export interface RaiseOptions {
  /** The highest rate to try. */
  readonly aim: number;
  readonly notice: (text: string) => void;
  /** Brings chip and port back to 115200 baud after a rate that failed. */
  readonly restart: () => Promise<void>;
}

const usualRates = [921_600, 460_800, 230_400];
const romRate = 115_200;

/** Raises both sides to the highest rate up to `aim` that carries data. Tells when that is not `aim`. */
export async function raiseBaudRate(esptool: Esptool, { aim, notice, restart }: RaiseOptions): Promise<void> {
  const { port } = esptool.channel;
  if (!port.capabilities.baudRate) return;
  const rates = [aim, ...usualRates.filter((rate) => rate < aim)].filter((rate) => rate > romRate);
  for (const [index, rate] of rates.entries()) {
    if (await tryRate(esptool, rate)) return;
    const next = rates[index + 1] ?? romRate;
    notice(`this line does not carry ${rate} baud; trying ${next}`);
    await restart();
  }
}

/** Changes to `rate` and sees whether both sides understand each other. */
async function tryRate(esptool: Esptool, rate: number): Promise<boolean> {
  const { channel } = esptool;
  try {
    const before = esptool.IS_STUB ? channel.port.baudRate : 0;
    await esptool.command(op.changeBaudRate, packWords(rate, before));
    await channel.port.setBaudRate(rate);
    esptool.transport.baudrate = rate;
    return await carriesData(esptool);
  } catch (error) {
    if (error instanceof UpywError && error.code === 'loader/silent') return false;
    throw error;
  }
}

/** Asks until the first answer (the chip may still be changing over), then wants every answer, each of them right. */
async function carriesData(esptool: Esptool): Promise<boolean> {
  const { channel } = esptool;
  let answered = false;
  for (let tries = 0; tries < 4 && !answered; tries++) {
    await channel.drain(20, 200);
    answered = await esptool.trySync(150);
  }
  if (!answered) return false;
  try {
    const expected = await esptool.readReg(esptool.CHIP_DETECT_MAGIC_REG_ADDR, 500);
    for (let checks = 0; checks < 4; checks++) {
      if ((await esptool.readReg(esptool.CHIP_DETECT_MAGIC_REG_ADDR, 500)) !== expected) return false;
    }
    return true;
  } catch (error) {
    if (isUpywError(error, 'loader/silent') || isUpywError(error, 'loader/refused')) return false;
    throw error;
  }
}
