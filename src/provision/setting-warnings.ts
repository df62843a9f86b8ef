import { needsWifiOff, otherDuty } from '../config/gpio.js';
import type { Settings } from '../config/keys.js';
import type { LoadedSettings } from '../config/load-settings.js';
import { isPlainPassword } from '../config/wifi-values.js';

const pinNames = ['pins.pin_btn1', 'pins.pin_btn2', 'pins.pin_led', 'pins.pin_adc'] as const;

/**
 * What is allowed and may still not be meant. No secret is in it. `typedPassword`: it was on the command line itself.
 */
export function settingWarnings({ values, origins }: LoadedSettings, typedPassword: boolean): string[] {
  return [
    ...(typedPassword ? [shellKeepsIt] : []),
    ...passwordWarnings(values['wifi.password'] ?? '', origins['wifi.password']),
    ...pinWarnings(values),
  ];
}

const shellKeepsIt =
  'the shell keeps what was given with --password in its history: --password-stdin, UPYW_WIFI_PASSWORD or upyw.secrets.yaml do not';

function passwordWarnings(
  password: string,
  { kind, name }: LoadedSettings['origins']['wifi.password'],
): string[] {
  const warnings: string[] = [];
  if (kind === 'project' && password !== '') {
    warnings.push(
      `the Wi-Fi password is in ${name}; in upyw.secrets.yaml it would stay out of git: upyw init writes one`,
    );
  }
  if (!isPlainPassword(password)) {
    warnings.push(
      'the Wi-Fi password has characters beyond printable ASCII: not every access point takes them for the same',
    );
  }
  return warnings;
}

function pinWarnings(values: Settings): string[] {
  const warnings: string[] = [];
  const adc = values['pins.pin_adc'];
  if (needsWifiOff(adc)) {
    warnings.push(`pins.pin_adc: GPIO${adc} cannot be read while Wi-Fi is on (it is on ADC2); 32 to 39 can`);
  }
  const users = new Map<number, string>();
  for (const name of pinNames) {
    const pin = values[name];
    const duty = otherDuty(pin);
    if (duty !== undefined) warnings.push(`${name}: GPIO${pin} is ${duty}`);
    const other = users.get(pin);
    if (other !== undefined) warnings.push(`${name} and ${other} are both GPIO${pin}`);
    users.set(pin, name);
  }
  return warnings;
}
