import { kind } from './define.js';
import { revive } from './native-usb.js';
import { word } from './word.js';

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Talking to the ESP32's serial loader, in its mask ROM or the stub that runs in its RAM. */
export const loaderErrors = {
  'loader/no-sync': kind<{ port: string; started?: string; lastBytes: string; nativeUsb?: boolean }>({
    exitCode: 3,
    message: ({ port, started, lastBytes }) =>
      started === undefined
        ? `no loader answered on ${port}; ${lastBytes === '' ? 'the board sent nothing' : `the board sent last: ${lastBytes}`}`
        : `the board on ${port} runs its own program instead of the loader (${started})`,
    hint: ({ nativeUsb }) =>
      nativeUsb === true
        ? `${revive}, while you hold BOOT; then repeat the command`
        : 'Hold BOOT, tap EN (RST), let BOOT go, and repeat the command. If nothing ever answers: another cable, another USB port; upyw doctor tells more',
  }),
  'loader/silent': kind<{ port: string; waitedMs: number; lastBytes?: string }>({
    exitCode: 3,
    retryable: true,
    message: ({ port, waitedMs, lastBytes }) =>
      `the loader on ${port} stopped answering (waited ${Math.round(waitedMs / 100) / 10} s)` +
      (lastBytes === undefined || lastBytes === '' ? '' : `; last heard: ${lastBytes}`),
    hint: () =>
      'Check the cable and repeat the command; a lower rate may help: -b 115200. upyw doctor --speed finds one that works',
  }),
  'loader/refused': kind<{ doing: string; status: string; meaning: string }>({
    exitCode: 1,
    retryable: true,
    message: ({ doing, status, meaning }) => `the chip refused to ${doing}: ${meaning} (status ${status})`,
    hint: () => 'Repeat the command; if it happens again, try -b 115200, then --no-stub',
  }),
  'loader/unknown-chip': kind<{ port: string; found: string }>({
    exitCode: 1,
    message: ({ port, found }) => `the chip on ${port} is of a kind upyw does not know (${found})`,
    hint: () => 'Update upyw; for an ESP8266 use esptool',
  }),
  'loader/protected': kind<{ what: string }>({
    exitCode: 1,
    message: ({ what }) => `this chip is locked: ${what}`,
    hint: () => 'It only runs what its owner signed or encrypted. Use another board; nothing was changed',
  }),
  'loader/no-flash': kind<{ id: string }>({
    exitCode: 1,
    message: ({ id }) => `the flash chip on the board does not answer (id ${id})`,
    hint: () =>
      'Take everything off the pins GPIO6 to GPIO12 and repeat the command; else the board is broken',
  }),
  'loader/read-damaged': kind<{ offset: number; sizeBytes: number; tries: number }>({
    exitCode: 1,
    message: ({ offset, sizeBytes, tries }) =>
      `${sizeBytes} bytes at ${hex(offset)} arrived damaged ${tries} times`,
    hint: () => 'Use a lower rate, -b 115200, or a better cable; upyw doctor --speed tests it',
  }),
  'loader/write-failed': kind<{ offset: number; sizeBytes: number }>({
    exitCode: 1,
    message: ({ offset, sizeBytes }) =>
      `the flash did not keep what was written (${sizeBytes} bytes from ${hex(offset)} on)`,
    hint: () => 'Repeat the command; if it stays so, the flash chip of this board is worn out',
  }),
  'loader/neighbours-changed': kind<{ changedBytes: number; firstOffset: number; endOffset: number }>({
    exitCode: 1,
    message: ({ changedBytes, firstOffset, endOffset }) =>
      `what was to be written is on the chip, but parts that were to stay have changed, ` +
      `${changedBytes} bytes at most between ${hex(firstOffset)} and ${hex(endOffset)}`,
    hint: () =>
      'Bring the chip back from a backup (upyw restore FILE), or flash all of it: upyw flash FILE. If it happens again, this board is worn out',
  }),
  'loader/differs': kind<{ path: string; differingBytes: number; firstOffset: number }>({
    exitCode: 1,
    message: ({ path, differingBytes, firstOffset }) =>
      `the chip differs from ${path}: about ${differingBytes} bytes, first at ${hex(firstOffset)}`,
    hint: ({ path }) =>
      `To make them equal: upyw flash ${word(path)} (a firmware) or upyw restore ${word(path)} (a backup)`,
  }),
  'loader/no-micropython': kind<{ port: string; waitedMs: number; lastBytes: string }>({
    exitCode: 1,
    message: ({ port, waitedMs, lastBytes }) =>
      `the firmware is written and verified, but MicroPython did not answer on ${port} within ${waitedMs / 1000} s` +
      (lastBytes === '' ? '' : `; the board sent last: ${lastBytes}`),
    hint: () => 'Tap EN (RST) and try: upyw repl. Is the firmware made for this very board?',
  }),
};
