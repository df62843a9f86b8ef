import { transportOpeners } from './transport/openers.js';
import type { PortInfo, PortOpeners } from './transport/port.js';
import type { VirtualBoards } from './world.js';

/** Each kind of port, loaded at the first use. `transport/` knows nothing of `sim/`: they meet here. */
export const defaultOpeners: PortOpeners = {
  ...transportOpeners,
  sim: async (address, options) => (await import('./sim/sim-port.js')).openSimPort(address, options),
};

/** The serial ports of this computer, without the virtual board. */
export async function listPorts(): Promise<readonly PortInfo[]> {
  return (await import('./transport/serial/list-ports.js')).listSerialPorts();
}

/** The virtual boards of this user. */
export const virtualBoards: VirtualBoards = {
  list: async () => (await import('./sim/known-boards.js')).knownBoards(),
  macOf: async (address) => (await import('./sim/known-boards.js')).macOfBoard(address),
};
