import { describe, expect, it } from 'vitest';
import { findMicroPython } from '../../../src/firmware/micropython-version.js';

const among = (...texts: string[]): Uint8Array =>
  new TextEncoder().encode(`\u0001\u0002R\0${texts.join('\0')}\0`);

describe('findMicroPython', () => {
  it.each([
    ['MicroPython v1.26.1 on 2025-09-11', '1.26.1', '2025-09-11'],
    [
      'MicroPython v1.27.0-preview.123.g0123abcdef on 2025-11-02',
      '1.27.0-preview.123.g0123abcdef',
      '2025-11-02',
    ],
    [
      'MicroPython v1.17-89-g30268c93d on 2021-10-23; ESP32 module with ESP32\r\n',
      '1.17-89-g30268c93d',
      '2021-10-23',
    ],
    [
      'MicroPython v1.18-127-gf46a7140f-dirty on 2022-04-18; ESP32 module',
      '1.18-127-gf46a7140f-dirty',
      '2022-04-18',
    ],
    // sys.version, which stands in the constants as well.
    ['3.4.0; MicroPython v1.23.0 on 2024-06-02', '1.23.0', '2024-06-02'],
  ])('knows %s', (text, version, date) => {
    expect(findMicroPython(among('MicroPython on the ESP32!', 'MicroPython v', text))).toEqual({
      version,
      date,
    });
  });

  it.each([
    [''],
    ['MicroPython on the ESP32!'],
    ['MicroPython v1.26.1'],
    ['MicroPython v1.26.1 on Thursday'],
    [`MicroPython v1${'1'.repeat(200)} on 2025-09-11`],
  ])('does not take "%s" for it', (text) => {
    expect(findMicroPython(among(text))).toBeUndefined();
  });
});
