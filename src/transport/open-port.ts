import { resolvePortName } from './port-name.js';
import type { OpenOptions, Port, PortInfo, PortOpeners } from './port.js';

/** What opening needs of the world; `World` fits. */
export interface OpenPortDeps {
  readonly openers: PortOpeners;
  readonly listPorts: () => Promise<readonly PortInfo[]>;
}

/**
 * Opens the port that `name` means: `auto`, a device (`COM3`, `/dev/ttyUSB0`, `port:PATH`), a shortcut (`u0`, `a0`, `c3`),
 * `id:SERIAL`, `socket://host:port`, `rfc2217://host:port` or `sim:…`.
 * Throws what `resolvePortName` and the opener of that kind throw. With several boards asking is the caller's job.
 */
export async function openPort(name: string, options: OpenOptions, deps: OpenPortDeps): Promise<Port> {
  const { kind, address } = await resolvePortName(name, deps.listPorts);
  return deps.openers[kind](address, options);
}
