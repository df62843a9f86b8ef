const longest = 32;
/** What stands for other things in the place of a board's name, or is a device's name on Windows. */
const reserved = /^(?:all|auto|con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Why a text cannot be the name of a board; undefined when it can. Names become part of file names and addresses, so they
 * have no spaces and no signs that a shell or Windows takes for something else.
 */
export function nameMistake(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (Array.from(name).length > longest) return `it is longer than ${longest} characters`;
  if (!/^[\p{L}\p{N}._-]+$/u.test(name.normalize('NFC')))
    return 'only letters, digits, dot, dash and underscore can be used';
  if (/^[.-]|\.$/.test(name)) return 'a dot or a dash cannot be its first character, nor a dot its last';
  return reserved.test(name) ? 'it means something else to upyw or to Windows' : undefined;
}

/** Names that differ in capitals alone would be one folder on Windows, and one name for two boards to most people. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The port name that stands for a board by its name. */
const scheme = 'name:';

/** The board's name in `name:device03`; undefined for any other port. */
export function boardNameIn(port: string): string | undefined {
  return port.startsWith(scheme) ? port.slice(scheme.length) : undefined;
}
