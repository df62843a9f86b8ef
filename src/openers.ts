import { transportOpeners } from './transport/openers.js';
import type { PortInfo, PortOpeners } from './transport/port.js';

/** Each kind of port, loaded at the first use. `transport/` knows nothing of `sim/`: they meet here. */
export const defaultOpeners: PortOpeners = {
  ...transportOpeners,
  sim: async (address, options) => (await import('./sim/sim-port.js')).openSimPort(address, options),
};

/** The serial ports of this computer, without the virtual board. */
export async function listPorts(): Promise<readonly PortInfo[]> {
  return (await import('./transport/serial/list-ports.js')).listSerialPorts();
}
