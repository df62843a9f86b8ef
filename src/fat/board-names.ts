/** The characters of code page 437 from 0x80 on. */
const upperHalf =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/**
 * A name as MicroPython's FAT keeps it: FatFs is built there for code page 437, and is handed the bytes of UTF-8. So `ž` is two characters on the
 * disk, and what a PC has written as `ž` has another name for the board, the short one (`lib/oofatfs/ffconf.h`: `FF_CODE_PAGE`, `FF_LFN_UNICODE`).
 */
export function nameOnDisk(name: string): string {
  if (isAscii(name)) return name;
  const bytes = new TextEncoder().encode(name);
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : (upperHalf[byte - 0x80] ?? ''),
  ).join('');
}

/** The name that MicroPython has for it; that of a PC's making stays. */
export function nameForBoard(name: string): string {
  if (isAscii(name)) return name;
  const bytes = Array.from(name, (character) => {
    const code = character.charCodeAt(0);
    const at = upperHalf.indexOf(character);
    return code < 0x80 ? code : at === -1 ? undefined : at + 0x80;
  });
  if (bytes.includes(undefined)) return name;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes.map((byte) => byte ?? 0)));
  } catch {
    return name;
  }
}

function isAscii(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- all of ASCII
  return /^[\x00-\x7f]*$/.test(name);
}
