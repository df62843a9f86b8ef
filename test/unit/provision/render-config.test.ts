import { expect, test } from 'vitest';
import { keys } from '../../../src/config/keys.js';
import { type BoardSettings, configHeader, renderConfig } from '../../../src/provision/render-config.js';

const defaults = Object.fromEntries(
  Object.entries(keys).map(([name, entry]) => [name, entry.default]),
) as BoardSettings;

async function render(settings: Partial<BoardSettings> = {}): Promise<string> {
  return new TextDecoder().decode(await renderConfig({ ...defaults, ...settings }));
}

test('every name that the board’s code asks for is there once', async () => {
  const text = await render({ 'wifi.ssid': 'workshop' });
  expect(text.startsWith(configHeader)).toBe(true);
  const assignments = [...text.matchAll(/^(\w+) = (.*)$/gm)].map(([, name, value]) => `${name} = ${value}`);
  expect(assignments).toEqual([
    "wifi_ssid = 'workshop'",
    "wifi_passwd = ''",
    'wifi_hostname = None',
    'wifi_country = None',
    "ntp_host = 'pool.ntp.org'",
    'utc_offset_minutes = 0',
    "api_base_url = 'http://jsonplaceholder.typicode.com'",
    'pin_btn1 = 18',
    'pin_btn2 = 19',
    'pin_led = 2',
    'pin_adc = 34',
  ]);
  expect(text).not.toContain('{');
});

test('a value that looks like a place in the template stays as it is', async () => {
  expect(await render({ 'wifi.ssid': '{{ wifi_passwd }} $& $1' })).toContain(
    "wifi_ssid = '{{ wifi_passwd }} $& $1'\n",
  );
});

test('extra values follow, in their order', async () => {
  const extra = { room: 12, on: true, off: null, list: [1.5, 'a"\n'], map: { 'k e y': [] }, half: '\ud800' };
  expect((await render({ extra })).split('# From "extra".\n')[1]).toBe(
    `room = 12
on = True
off = None
list = [1.5, 'a\\"\\n']
map = {'k e y': []}
half = '\\ud800'
`,
  );
});
