import { UpywError } from '../../errors.js';
import { shownAddress } from '../../shown-address.js';

/** Where a `socket://` or `rfc2217://` name leads. */
export interface NetworkAddress {
  readonly host: string;
  readonly tcpPort: number;
  /** What stands behind `?`: pyserial's way of giving options in the name. */
  readonly options: ReadonlyMap<string, string>;
}

/** Takes `scheme://host:port[?option[=value]&…]` apart; IPv6 in brackets. Throws `usage/bad-port`. */
export function parseNetworkAddress(name: string): NetworkAddress {
  const bad = (reason: string) => new UpywError('usage/bad-port', { port: shownAddress(name), reason });
  if (!URL.canParse(name)) throw bad('it needs the form scheme://host:port');
  const url = new URL(name);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const tcpPort = Number(url.port);
  if (host === '') throw bad('the host is missing');
  if (url.port === '' || tcpPort === 0) throw bad('the port number is missing, as in host:2217');
  if (url.username !== '' || url.password !== '') throw bad('user and password have no place in it');
  if (url.pathname !== '' && url.pathname !== '/') throw bad('a path has no place in it');
  return { host, tcpPort, options: new Map(url.searchParams) };
}
