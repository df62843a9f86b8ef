/** As upyw writes it: 24:0a:12:f2:0c:34. */
const own = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/** Whether a text is a MAC address in upyw's own spelling. */
export function isMac(text: string): boolean {
  return own.test(text);
}

/**
 * The same address in upyw's spelling, however it is written: `24-0A-12-F2-0C-34`, `240a12f20c34`, `240a.12f2.0c34`. Undefined: it is none.
 */
export function macFrom(text: string): string | undefined {
  if (!/^[0-9a-f]{2}([-:. ]?[0-9a-f]{2}){5}$/i.test(text.trim())) return undefined;
  const digits = text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return (digits.match(/../g) ?? []).join(':');
}
