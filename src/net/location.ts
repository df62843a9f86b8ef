import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';

/** Where something is had from: a server, or a folder of this computer, such as one on a USB stick. */
export type Location =
  { readonly kind: 'web'; readonly url: URL } | { readonly kind: 'folder'; readonly path: string };

/**
 * `https://…`, `http://…`, `file:///…` or a folder, from `cwd` on.
 * @param name whose value it is (`UPYW_FIRMWARE_URL`), for the message
 * @throws UpywError `net/bad-source`
 */
export function parseLocation(text: string, { cwd, name }: { cwd: string; name: string }): Location {
  const scheme = /^([a-z][a-z0-9+.-]+):(?:\/\/|(?=.*@))/i.exec(text)?.[1]?.toLowerCase();
  try {
    if (scheme === undefined) return { kind: 'folder', path: resolve(cwd, text) };
    if (scheme === 'file') return { kind: 'folder', path: fileURLToPath(text) };
    const url = new URL(text);
    if (scheme === 'http' || scheme === 'https') return { kind: 'web', url };
  } catch (cause) {
    const reason = 'it is not an address';
    throw new UpywError('net/bad-source', { name, source: shownAddress(text), reason }, { cause });
  }
  const reason = `upyw knows no ${scheme}://`;
  throw new UpywError('net/bad-source', { name, source: shownAddress(text), reason });
}

/** What is below a location, by a relative path with `/`. */
export function below(base: Location, path: string): Location {
  if (base.kind === 'folder') return { kind: 'folder', path: join(base.path, ...path.split('/')) };
  const url = new URL(base.url);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return { kind: 'web', url: new URL(path, url) };
}

/** As messages may show it: without a password. */
export function shownLocation(location: Location): string {
  return location.kind === 'folder' ? location.path : shownUrl(location.url);
}

/** An address without its password. */
export function shownUrl(url: URL): string {
  return shownAddress(url.href);
}
