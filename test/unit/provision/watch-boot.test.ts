import { describe, expect, test } from 'vitest';
import { watchBoot } from '../../../src/provision/watch-boot.js';
import { ScriptedPort } from '../../support/scripted-port.js';

const romLines = [
  'ets Jul 29 2019 12:21:46',
  '',
  'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
  'configsip: 0, SPIWP:0xee',
  'clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00',
  'mode:DIO, clock div:2',
  'load:0x3fff0030,len:4832',
  'ho 0 tail 12 room 4',
  'load:0x40078000,len:16440',
  'entry 0x400805cc',
];

function watch(lines: readonly string[], timeoutMs = 100) {
  const port = new ScriptedPort();
  const restart = () => {
    port.say(lines.map((line) => (line === '>>> ' ? line : `${line}\r\n`)).join(''));
    return Promise.resolve();
  };
  return watchBoot(port, restart, { ssid: 'workshop', timeoutMs });
}

describe('watchBoot', () => {
  test('what the ROM says is not what boot.py said last', async () => {
    await expect(watch([...romLines, 'load: 3 files', 'mode: eco'])).rejects.toMatchObject({
      code: 'provision/not-started',
      details: { ended: false, lastBytes: 'load: 3 files / mode: eco' },
    });
    await expect(watch(romLines)).rejects.toMatchObject({ details: { lastBytes: '' } });
  });

  test('a board that browns out as its Wi-Fi starts is said to restart again and again', async () => {
    const start = [
      ...romLines,
      'wifi_and_ntp: connecting to workshop',
      'Brownout detector was triggered',
      '',
    ];
    await expect(watch([...start, ...start, ...start])).rejects.toMatchObject({
      code: 'rawrepl/restarts',
      details: { cause: 'brownout', starts: 3 },
    });
  });

  test('a try that goes on is not one that has not begun', async () => {
    const trying = [...romLines, 'wifi_and_ntp: connecting to workshop'];
    await expect(watch(trying)).rejects.toMatchObject({
      code: 'provision/not-in-time',
      details: { ssid: 'workshop', connected: false },
    });
    const connected = 'wifi_and_ntp: connected ip=192.168.1.7 rssi=-50 after=2.3 s';
    await expect(watch([...trying, connected])).rejects.toThrow(
      /is in "workshop", but has not set its clock/,
    );
  });

  test('boot.py may end before the clock was asked for', async () => {
    const lines = ['wifi_and_ntp: connected ip=192.168.1.7 rssi=-50 after=2.3 s', '>>> '];
    expect(await watch(lines)).toMatchObject({ wifi: { ip: '192.168.1.7' }, clock: { isSet: false } });
    await expect(watch(['>>> '])).rejects.toThrow(/ended without starting Wi-Fi/);
  });
});
