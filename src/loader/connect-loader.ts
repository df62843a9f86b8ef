import type { Port } from '../transport/port.js';
import type { Loader } from './loader.js';
import type { LoaderOptions } from './loader-options.js';

/**
 * Brings the board on `port` into its loader, finds out what it is, starts the stub and raises the baud rate.
 * Afterwards `leave` or `dispose` the loader; the port stays the caller's to close.
 * Throws `loader/no-sync`, `loader/unknown-chip`, `loader/protected`, `loader/no-flash`, `port/…`, `run/interrupted`.
 */
export async function connectLoader(port: Port, options: LoaderOptions = {}): Promise<Loader> {
  // esptool-js takes 140 ms to load.
  const { Loader: LoaderClass } = await import('./loader.js');
  return LoaderClass.connect(port, options);
}
