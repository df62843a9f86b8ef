import { expect, test } from 'vitest';
import type { LoadedSettings } from '../../../src/config/load-settings.js';
import { settingWarnings } from '../../../src/provision/setting-warnings.js';

function warningsOf(values: Record<string, unknown>, typedPassword = false, kind = 'flag'): string[] {
  const pins = { 'pins.pin_btn1': 12, 'pins.pin_btn2': 13, 'pins.pin_led': 2, 'pins.pin_adc': 36 };
  const loaded = {
    values: { ...pins, ...values },
    origins: { 'wifi.password': { kind, name: 'upyw.config.yaml' } },
  };
  return settingWarnings(loaded as unknown as LoadedSettings, typedPassword);
}

test('a password that was typed into the command line is kept by the shell, others are not', () => {
  const password = { 'wifi.password': 'correct horse' };
  expect(warningsOf(password, true).join()).toContain('the shell keeps');
  expect(warningsOf(password, false).join()).not.toContain('the shell keeps');
});

test('a password in the project’s own file would come into git', () => {
  expect(warningsOf({ 'wifi.password': 'correct horse' }, false, 'project').join()).toContain('out of git');
  expect(warningsOf({ 'wifi.password': '' }, false, 'project').join()).not.toContain('out of git');
});

test('a password beyond ASCII, an ADC2 pin, two uses of one pin', () => {
  const warnings = warningsOf({ 'wifi.password': 'žluťoučký', 'pins.pin_adc': 26, 'pins.pin_led': 12 });
  expect(warnings.join('\n')).not.toContain('žluťoučký');
  expect(warnings.filter((warning) => /ASCII|GPIO26 .*ADC2|both GPIO12/.test(warning))).toHaveLength(3);
});
