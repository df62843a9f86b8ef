import { expect, test } from 'vitest';
import { nearest, nearestKey } from '../../../src/config/nearest.js';

const words = ['port', 'baud', 'timeout', 'wifi.ssid'];

test.each([
  ['prot', 'port'],
  ['ports', 'port'],
  ['Baud', 'baud'],
  ['bauds', 'baud'],
  ['time-out', 'timeout'],
  ['wifi.sid', 'wifi.ssid'],
  ['colour', undefined],
  ['', undefined],
])('%j is near %s', (word, near) => {
  expect(nearest(word, words)).toBe(near);
});

test('no candidates, nothing near', () => {
  expect(nearest('port', [])).toBeUndefined();
});

const keyNames = [
  'port',
  'timeout',
  'wifi.ssid',
  'wifi.password',
  'wifi.country',
  'ntp.host',
  'pins.pin_led',
];

test.each([
  ['wifi.paswd', 'wifi.password'],
  ['wifi.passwd', 'wifi.password'],
  ['wifi.pwd', 'wifi.password'],
  ['wifi.sid', 'wifi.ssid'],
  ['wifi.secret', undefined],
  ['wifi.psk', undefined],
  ['wifi.key', undefined],
  ['wfi', 'wifi'],
  ['ssid', 'wifi.ssid'],
  ['wifi.host', 'ntp.host'],
  ['pins.led', 'pins.pin_led'],
  ['prot', 'port'],
  ['colour', undefined],
])('the key %j may be %s', (name, near) => {
  expect(nearestKey(name, keyNames)).toBe(near);
});
