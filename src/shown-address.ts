const passwordSign = '***';

/** A port's name as messages may show it: passwords in `sim:?wifi=SSID:PASSWORD` and `socket://USER:PASSWORD@host` are masked. */
export function shownAddress(name: string): string {
  const address = name.replace(/^(?!sim:)([a-z][a-z0-9+.-]*:[/\\]*[^:/\\?]*:).*@/i, `$1${passwordSign}@`);
  const at = address.indexOf('?');
  if (at === -1) return address;
  const options = address
    .slice(at + 1)
    .split('&')
    .map(shownOption);
  return `${address.slice(0, at + 1)}${options.join('&')}`;
}

/** One option behind the `?`, as messages may show it. */
export function shownOption(option: string): string {
  const equals = option.indexOf('=');
  if (equals === -1 || decoded(option.slice(0, equals)) !== 'wifi') return option;
  const colon = option.indexOf(':', equals);
  return colon === -1 ? option : `${option.slice(0, colon + 1)}${passwordSign}`;
}

/** What cannot be decoded is no option's name. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
