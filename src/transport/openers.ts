import type { PortOpeners } from './port.js';

/** The openers of this folder; each loads its code, and what that depends on, when it is first used. */
export const transportOpeners: Omit<PortOpeners, 'sim'> = {
  serial: async (address, options) => (await import('./serial/serial.js')).openSerialPort(address, options),
  socket: async (address, options) => (await import('./network/socket.js')).openSocketPort(address, options),
  rfc2217: async (address, options) =>
    (await import('./rfc2217/rfc2217.js')).openRfc2217Port(address, options),
};
