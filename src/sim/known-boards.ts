import { listBoards, servedBoards } from './boards.js';
import { chipIdentity } from './chip/identity.js';
import { parseSimAddress } from './sim-address.js';

/** Who the virtual boards are that were ever used, in the order of their names, with numbers counted as numbers. */
export function knownBoards(): { name: string; mac: string; isOn: boolean }[] {
  const served = new Set(servedBoards());
  return listBoards()
    .map(({ name }) => ({ name, mac: macOfName(name), isOn: served.has(name) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** The MAC of the board behind `sim:…`. Throws `sim/bad-name`, `sim/bad-option`. */
export function macOfBoard(address: string): string {
  return macOfName(parseSimAddress(address).name);
}

function macOfName(name: string): string {
  return Array.from(chipIdentity(name).mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
