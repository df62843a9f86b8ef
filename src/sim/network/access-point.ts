/** A Wi-Fi network that the virtual board can hear. */
export interface AccessPoint {
  readonly ssid: string;
  /** Undefined: an open network. */
  readonly password?: string;
}

/** What the board's surroundings are on the air. */
export interface Air {
  /** The networks there are; undefined: whatever network is asked for is there, with whatever password. */
  readonly accessPoints?: readonly AccessPoint[];
  /** No address is given out. */
  readonly noDhcp: boolean;
  /** No time server answers. */
  readonly noNtp: boolean;
  /** From `connect()` until the network is found; undefined: as long as it usually takes. */
  readonly joinMs?: number;
  /** Nothing takes its time, but for what `joinMs` says. */
  readonly unpaced: boolean;
}

const maxSsidBytes = 32;
const maxPasswordBytes = 64;

/**
 * Reads `SSID`, `SSID:` or `SSID:PASSWORD`, both percent-encoded.
 * @returns what is wrong, without a word of the password, when it cannot be one
 */
export function parseAccessPoint(text: string): AccessPoint | string {
  const colon = text.indexOf(':');
  const ssid = decode(colon === -1 ? text : text.slice(0, colon));
  const password = colon === -1 ? '' : decode(text.slice(colon + 1));
  if (ssid === undefined || password === undefined) return 'a % is not followed by two hex digits';
  const problem = ssidProblem(ssid) ?? passwordProblem(password);
  if (problem !== undefined) return problem;
  return password === '' ? { ssid } : { ssid, password };
}

function ssidProblem(ssid: string): string | undefined {
  const sizeBytes = new TextEncoder().encode(ssid).length;
  if (sizeBytes === 0) return 'it needs a network: wifi=SSID:PASSWORD';
  return sizeBytes > maxSsidBytes ? `a network's name has at most ${maxSsidBytes} bytes` : undefined;
}

function passwordProblem(password: string): string | undefined {
  const sizeBytes = new TextEncoder().encode(password).length;
  if (sizeBytes === 0) return undefined;
  return sizeBytes < 8 || sizeBytes > maxPasswordBytes
    ? 'a Wi-Fi password has 8 to 63 characters (none for an open network)'
    : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
