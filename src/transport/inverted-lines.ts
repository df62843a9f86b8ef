import type { Port, PortLines, PortListener, UsbIdentity } from './port.js';

/** How DTR and RTS are at rest, where an adapter has one inverted; what is not given rests deasserted. */
export type LinesAtRest = Partial<PortLines>;

/** The same port for those who think in the usual wiring: a line that rests asserted means the opposite. Puts both to rest. */
export async function invertLines(port: Port, atRest: LinesAtRest): Promise<Port> {
  const inverted = new InvertedLinesPort(port, atRest);
  try {
    await inverted.setLines({ dtr: false, rts: false });
  } catch (error) {
    await port.close();
    throw error;
  }
  return inverted;
}

class InvertedLinesPort implements Port {
  readonly name: string;
  readonly kind: Port['kind'];
  readonly capabilities: Port['capabilities'];
  readonly usb?: UsbIdentity;
  readonly conceal?: () => () => void;
  readonly #port: Port;
  readonly #atRest: LinesAtRest;

  constructor(port: Port, atRest: LinesAtRest) {
    this.#port = port;
    this.#atRest = atRest;
    this.name = port.name;
    this.kind = port.kind;
    this.capabilities = port.capabilities;
    if (port.usb !== undefined) this.usb = port.usb;
    if (port.conceal !== undefined) this.conceal = () => port.conceal?.() ?? (() => undefined);
  }

  get baudRate(): number {
    return this.#port.baudRate;
  }

  subscribe(listener: PortListener): () => void {
    return this.#port.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#port.write(bytes);
  }

  drain(): Promise<void> {
    return this.#port.drain();
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#port.setBaudRate(baudRate);
  }

  setLines({ dtr, rts }: Partial<PortLines>): Promise<void> {
    const { dtr: dtrAtRest = false, rts: rtsAtRest = false } = this.#atRest;
    return this.#port.setLines({
      ...(dtr === undefined ? {} : { dtr: dtr !== dtrAtRest }),
      ...(rts === undefined ? {} : { rts: rts !== rtsAtRest }),
    });
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
