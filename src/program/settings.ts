import type { KeyName } from '../config/keys.js';

/** Of all that talk to a board: `--port` among a command's flags says so. */
export const portSettings = [
  'port',
  'baud',
  'timeout',
  'lines.reset',
  'lines.loader',
] as const satisfies readonly KeyName[];

export const transferSettings = ['turbo'] as const satisfies readonly KeyName[];

export const firmwareSettings = [
  'firmware.board',
  'firmware.variant',
  'firmware.version',
  'firmware.url',
] as const satisfies readonly KeyName[];

export const packageSettings = ['packages', 'mip.index'] as const satisfies readonly KeyName[];

/** What a provisioned board has in its config.py, and which files it gets. */
export const provisionSettings = [
  'wifi.ssid',
  'wifi.password',
  'wifi.hostname',
  'wifi.country',
  'ntp.host',
  'ntp.utc_offset',
  'api.base_url',
  'pins.pin_btn1',
  'pins.pin_btn2',
  'pins.pin_led',
  'pins.pin_adc',
  'files',
  'extra',
] as const satisfies readonly KeyName[];
