import type { Port, PortLines, PortListener, ResetSequences, UsbIdentity } from './port.js';

/** What is not as usual between a port's lines and the board. */
export interface Wiring {
  /** How DTR and RTS are at rest, where an adapter has one inverted; what is not given rests deasserted. */
  readonly atRest?: Partial<PortLines>;
  readonly sequences?: ResetSequences;
}

/** The same port for those who think in the usual wiring: a line that rests asserted means the opposite. Puts both to rest. */
export async function wirePort(port: Port, wiring: Wiring): Promise<Port> {
  const wired = new WiredPort(port, wiring);
  if (wiring.atRest === undefined) return wired;
  try {
    await wired.setLines({ dtr: false, rts: false });
  } catch (error) {
    await port.close();
    throw error;
  }
  return wired;
}

class WiredPort implements Port {
  readonly name: string;
  readonly kind: Port['kind'];
  readonly capabilities: Port['capabilities'];
  readonly usb?: UsbIdentity;
  readonly isFresh: boolean;
  readonly sequences?: ResetSequences;
  readonly conceal?: () => () => void;
  readonly #port: Port;
  readonly #atRest: Partial<PortLines>;

  constructor(port: Port, { atRest = {}, sequences }: Wiring) {
    this.#port = port;
    this.#atRest = atRest;
    this.name = port.name;
    this.kind = port.kind;
    this.capabilities = port.capabilities;
    this.isFresh = port.isFresh === true;
    if (port.usb !== undefined) this.usb = port.usb;
    if (sequences !== undefined) this.sequences = sequences;
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
