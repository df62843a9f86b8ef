import { isUpywError } from '../../errors.js';
import { isLineTrouble, op, packWords } from './commands.js';
import type { ChipLink } from './chip-link.js';
import { quiet } from './quiet.js';

export interface RaiseOptions {
  /** The highest rate to try. */
  readonly aim: number;
  readonly notice: (text: string) => void;
  /** Brings chip and port back to 115200 baud after a rate that failed. */
  readonly restart: () => Promise<void>;
}

const usualRates = [921_600, 460_800, 230_400];
const romRate = 115_200;
/** A chip may still be changing over when it is asked first: so often, each time so long. */
const changeoverTries = 4;
const changeoverSyncMs = 150;
/** One answer may be right by luck. */
const checksOfRate = 4;
const checkTimeoutMs = 500;

/** Raises both sides to the highest rate up to `aim` that carries data. Tells when that is not `aim`. */
export async function raiseBaudRate(link: ChipLink, { aim, notice, restart }: RaiseOptions): Promise<void> {
  const { port } = link.commands.channel;
  if (!port.capabilities.baudRate) return;
  const rates = [aim, ...usualRates.filter((rate) => rate < aim)].filter((rate) => rate > romRate);
  for (const [index, rate] of rates.entries()) {
    if (await tryRate(link, rate)) return;
    const next = rates[index + 1] ?? romRate;
    notice(`this line does not carry ${rate} baud; trying ${next}`);
    await restart();
  }
}

/** Changes to `rate` and sees whether both sides understand each other. */
async function tryRate(link: ChipLink, rate: number): Promise<boolean> {
  const { commands, library } = link;
  const { port } = commands.channel;
  try {
    const before = library.stubRuns ? port.baudRate : 0;
    await commands.exchange({ op: op.changeBaudRate, body: packWords(rate, before) });
    await port.setBaudRate(rate);
    return await carriesData(link);
  } catch (error) {
    if (isUpywError(error, 'loader/silent')) return false;
    throw error;
  }
}

/** Asks until the first answer (the chip may still be changing over), then wants every answer, each of them right. */
async function carriesData({ commands, library }: ChipLink): Promise<boolean> {
  let answered = false;
  for (let tries = 0; tries < changeoverTries && !answered; tries++) {
    await commands.channel.drain(quiet.afterRateChange);
    answered = await commands.trySync(changeoverSyncMs);
  }
  if (!answered) return false;
  const read = () => commands.readReg(library.steadyRegister, checkTimeoutMs);
  try {
    const expected = await read();
    for (let checks = 0; checks < checksOfRate; checks++) if ((await read()) !== expected) return false;
    return true;
  } catch (error) {
    if (isLineTrouble(error)) return false;
    throw error;
  }
}
