import { Buffer } from 'node:buffer';

/** Which MicroPython an application is. */
export interface MicroPythonVersion {
  /** As the release or commit is named, without its `v`: `1.26.1`, `1.27.0-preview.123.g0123abcdef`, `1.17-89-g30268c93d`. */
  readonly version: string;
  /** Of the build: `2025-09-11`. */
  readonly date: string;
}

/** The first line of the prompt's banner (`shared/runtime/pyexec.c`); older builds go on with `; ESP32 module with ESP32`. */
const banner = /^MicroPython v(?<version>\d[\w.+-]{0,60}) on (?<date>\d{4}-\d\d-\d\d)/;
const bannerStart = 'MicroPython v';
/** No banner is longer. */
export const maxBannerBytes = 128;

/** Finds the banner in the constants of an application: nothing else in MicroPython's own builds says what they are. */
export function findMicroPython(constants: Uint8Array): MicroPythonVersion | undefined {
  const bytes = Buffer.from(constants.buffer, constants.byteOffset, constants.length);
  for (let at = bytes.indexOf(bannerStart); at !== -1; at = bytes.indexOf(bannerStart, at + 1)) {
    const { version, date } = banner.exec(bytes.toString('latin1', at, at + maxBannerBytes))?.groups ?? {};
    if (version !== undefined && date !== undefined) return { version, date };
  }
  return undefined;
}
