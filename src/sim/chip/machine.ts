import type { GuestHost } from '../guest.js';
import { ChipMemory } from './chip-memory.js';
import type { Command } from './loader/command.js';
import { Cpu } from './cpu.js';
import { FlashDriver } from './flash-driver.js';
import type { ChipIdentity } from './identity.js';
import { romBaudRate } from './loader/rom-banner.js';
import { encodeSlip, SlipReceiver } from './loader/slip.js';
import { SpiController } from './spi-controller.js';
import { UploadedCode } from './loader/uploaded-code.js';

/** The parts of the chip that ROM and stub work with. What one leaves in them the other finds. */
export class Machine {
  readonly host: GuestHost;
  readonly cpu: Cpu;
  readonly flash: FlashDriver;
  readonly memory: ChipMemory;
  readonly code: UploadedCode;
  readonly #receiver = new SlipReceiver();
  #baudRate = romBaudRate;

  constructor(host: GuestHost, identity: ChipIdentity) {
    this.host = host;
    this.cpu = new Cpu(host);
    this.flash = new FlashDriver(host, this.cpu);
    this.memory = new ChipMemory(identity, new SpiController(this.flash), () => this.#baudRate);
    this.code = new UploadedCode(this.memory);
    host.setBaudRate(romBaudRate);
  }

  /** Bytes from the line, taken by interrupt whatever the program does. */
  receive(bytes: Uint8Array): void {
    this.#receiver.receive(bytes, this.host.nowMs);
  }

  /** Waits for the next frame from the client; at once where one is there already. */
  async nextFrame(): Promise<Uint8Array> {
    const frame = await this.#receiver.next();
    this.cpu.waitedUntil(frame.arrivedAtMs);
    return frame.bytes;
  }

  async sendFrame(frame: Uint8Array): Promise<void> {
    await this.cpu.send(encodeSlip(frame));
  }

  /** Sends, and returns when the last bit has left, so that the rate may change. */
  async sendFrameOut(frame: Uint8Array): Promise<void> {
    await this.cpu.sendAll(encodeSlip(frame));
  }

  /**
   * WRITE_REG: any number of address, value, mask and a wait in microseconds before the write.
   * @returns false when the data is not whole entries
   */
  async writeRegisters(command: Command): Promise<boolean> {
    const wordCount = command.data.length / 4;
    if (wordCount === 0 || wordCount % 4 !== 0) return false;
    for (let word = 0; word < wordCount; word += 4) {
      await this.cpu.spend(command.word(word + 3) / 1000);
      this.memory.write(command.word(word), command.word(word + 1), command.word(word + 2));
    }
    return true;
  }

  setBaudRate(baudRate: number): void {
    if (baudRate === 0) return;
    this.#baudRate = baudRate;
    this.host.setBaudRate(baudRate);
  }
}
