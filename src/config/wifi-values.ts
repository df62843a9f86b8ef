const encoder = new TextEncoder();

/** What an SSID should be, for messages. */
export const expectedSsid =
  'the name of the network: text of 1 to 32 bytes in UTF-8 (in quotes when it is all digits)';
/** The same for its password. */
export const expectedPassword =
  "text of 8 to 63 bytes in UTF-8 (in quotes when it is all digits), or 64 hex digits, or '' for an open network";

/** Why it is none; undefined when it is one. */
export function ssidMistake(ssid: string): string | undefined {
  const sizeBytes = encoder.encode(ssid).length;
  if (sizeBytes >= 1 && sizeBytes <= 32) return undefined;
  return `should be 1 to 32 bytes in UTF-8; ${JSON.stringify(ssid)} has ${sizeBytes}`;
}

/** Why it is none, without a word of it; undefined when it is one. */
export function passwordMistake(password: string): string | undefined {
  if (/\p{Cc}/u.test(password))
    return 'should hold no control characters, such as line ends and tabs; this one does';
  const sizeBytes = encoder.encode(password).length;
  if (sizeBytes === 0 || (sizeBytes >= 8 && sizeBytes <= 63) || /^[0-9a-fA-F]{64}$/.test(password)) {
    return undefined;
  }
  const counted = `this one has ${sizeBytes} ${sizeBytes === 1 ? 'byte' : 'bytes'}`;
  const isHexLong = sizeBytes === 64 ? ' that are not all hex digits' : '';
  return `should be 8 to 63 bytes in UTF-8, or 64 hex digits, or empty for an open network; ${counted}${isHexLong}`;
}

/** WPA2 speaks of characters from 32 to 126; what a router makes of others is its own affair. */
export function isPlainPassword(password: string): boolean {
  return /^[\x20-\x7e]*$/.test(password);
}
