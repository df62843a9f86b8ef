import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';

/** The virtual board's address that `-p` names; without it, the default one. Throws `usage/bad-value`. */
export async function namedAddress({ loadSettings }: Context): Promise<string> {
  const { port } = (await loadSettings()).values;
  if (port === 'auto') return 'sim:';
  if (port.startsWith('sim:')) return port;
  throw new UpywError('usage/bad-value', {
    name: '--port',
    value: port,
    expected: 'a virtual board, such as sim: or sim:desk1',
  });
}

/** Its name. */
export async function namedBoard(context: Context): Promise<string> {
  const { parseSimAddress } = await import('../../sim/sim-address.js');
  return parseSimAddress(await namedAddress(context)).name;
}
