import { UpywError } from '../../errors.js';
import { shownAddress } from '../../shown-address.js';
import { parseNetworkAddress, type NetworkAddress } from '../network/network-address.js';

export interface Rfc2217Name {
  readonly address: NetworkAddress;
  /** For each answer of the server. */
  readonly timeoutMs: number;
  /** `?ign_set_control`: do not wait for answers about the lines. */
  readonly ignoresControlAnswers: boolean;
}

/** `rfc2217://host:port[?ign_set_control][&timeout=SECONDS]`, as pyserial writes it (`rfc2217.py`). Throws `usage/bad-port`. */
export function parseRfc2217Name(name: string): Rfc2217Name {
  const address = parseNetworkAddress(name);
  const bad = (reason: string) => new UpywError('usage/bad-port', { port: shownAddress(name), reason });
  for (const option of address.options.keys()) {
    if (option !== 'ign_set_control' && option !== 'timeout') throw bad(`the option ${option} is not known`);
  }
  const timeoutMs = Number(address.options.get('timeout') ?? '3') * 1000;
  if (!(timeoutMs > 0)) throw bad('the timeout is a number of seconds above 0');
  return { address, timeoutMs, ignoresControlAnswers: address.options.has('ign_set_control') };
}
