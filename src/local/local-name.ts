import { win32 } from 'node:path';
import { UpywError } from '../errors.js';

// eslint-disable-next-line no-control-regex -- Windows allows no control characters in names
const impossibleCharacter = /[\u0000-\u001f<>:"/|?*\\]/g;
/** Windows drops it from the end of a name, in most programs. */
const lostAtTheEnd = /[. ]$/;
/** Devices, with any ending behind them ("Naming Files, Paths, and Namespaces" of Microsoft's documentation). */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i;

/**
 * The same name where this system has no such one, with `%XX` for what is in the way: `a%3Ab`, `%43ON`, `x%2E`. Node itself would
 * take them: what is behind the colon into a stream that no program shows, the others as files that none can open or remove.
 */
export function possibleName(name: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return name;
  const possible = name.replaceAll(impossibleCharacter, percentEncoded).replace(lostAtTheEnd, percentEncoded);
  return device.test(possible) ? encodeFirst(possible, 1) : possible;
}

/** The name with its first characters as the `%XX` of their bytes in UTF-8. */
export function encodeFirst(name: string, count: number): string {
  const characters = charactersOf(name);
  return characters.slice(0, count).map(percentEncoded).join('') + characters.slice(count).join('');
}

/** The characters of a name as people count them: an accent belongs to its letter. */
export function charactersOf(name: string): string[] {
  return name.match(/.\p{Mark}*/gsu) ?? [];
}

function percentEncoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** Whether two names mean one file: Windows and macOS keep capitals but do not tell them apart, macOS nor ž of one sign and of two. */
export function sameFileKey(name: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return name.toUpperCase();
  return platform === 'darwin' ? name.normalize('NFC').toLowerCase() : name;
}

/** Throws `file/failed` for a file that is to be made under a name that Windows has for something else. */
export function refuseImpossibleName(path: string, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') return;
  const name = win32.basename(path);
  if (name === possibleName(name, platform)) return;
  const reason = device.test(name)
    ? 'Windows keeps that name for a device'
    : 'Windows has no files with such a name';
  throw new UpywError('file/failed', { path, reason });
}
