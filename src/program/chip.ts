import type { BackupFlags } from '../commands/chip/backup.js';
import type { FlashOptions } from '../commands/chip/flash.js';
import type { LoaderFlags } from '../connecting/open-loader.js';
import type { VerifyFlags } from '../commands/chip/verify.js';
import type { CommandGroup, OptionDefinition } from './definition.js';
import { firmwareCommand, releaseOptions } from './firmware.js';
import { firmwareSettings, packageSettings, provisionSettings } from './settings.js';

/** They all take it. */
const withoutStub: OptionDefinition = {
  flags: '--no-stub',
  what: "work with the chip's own loader alone, slower",
};

/** Commands that talk to the ESP32's loader instead of MicroPython. */
export const chipCommands: CommandGroup = {
  title: 'Firmware and the whole chip:',
  commands: [
    {
      call: 'flash [firmware]',
      summary: 'put MicroPython on the chip',
      note: 'Without a file: what the configuration names, what upyw.lock.json holds the project to, else the newest release for this chip.',
      options: [
        withoutStub,
        { flags: '--keep-files', what: "leave the board's files as they are" },
        { flags: '--offset <address>', what: 'write the file here, and nothing else' },
        { flags: '--force', what: 'write it though it is not recognised or not for this chip' },
        { flags: '--with <folder>', what: "also write the board's files: what is in this folder" },
        { flags: '--outside-links', what: 'follow links that lead out of the folder' },
        {
          flags: '--provision',
          what: 'also write what upyw provision puts on a board, and see it join your Wi-Fi',
        },
        { flags: '--ssid <name>', what: 'the network' },
        { flags: '--password-stdin', what: 'read its password from a pipe or a file' },
        { flags: '--password <text>', what: 'its password, for all to see: the shell keeps it' },
        { flags: '--no-check', what: 'do not wait for the board to join the network' },
        { flags: '--board <name>', what: 'the newest release for this board; see upyw firmware list' },
        ...releaseOptions,
      ],
      examples: [
        { line: 'upyw flash', what: 'the newest release for this chip' },
        { line: 'upyw flash --board ESP32_GENERIC_S3 --version 1.26.1' },
        { line: 'upyw flash ESP32_GENERIC-20250911-v1.26.1.bin' },
        { line: 'upyw flash firmware.bin --keep-files', what: 'new firmware, old files' },
        { line: 'upyw flash firmware.bin -b 460800', what: 'not faster than this (default 921600)' },
        { line: 'upyw flash app.bin --offset 0x10000', what: 'only this, only there' },
        { line: 'upyw flash firmware.bin --with src', what: 'and the files of a folder, in one go' },
        { line: 'upyw flash firmware.bin --with src --provision --ssid workshop' },
      ],
      flags: ['--port', '--baud', '--yes', '--dry-run'],
      settings: ['firmware', ...firmwareSettings, ...provisionSettings, ...packageSettings],
      many: 'loader',
      run: async (context, firmware: string | undefined, options: FlashOptions) =>
        (await import('../commands/chip/flash.js')).flash(context, firmware, options),
    },
    {
      call: 'backup [file]',
      summary: 'copy the whole flash to a file',
      options: [
        withoutStub,
        { flags: '--offset <address>', what: 'where to begin (0)' },
        { flags: '--size <bytes>', what: 'how much: 64k, 4M, 0x1000 (all)' },
        { flags: '--reference <file>', what: 'an older backup: take from it what has not changed' },
      ],
      examples: [
        { line: 'upyw backup', what: 'named after MAC and date' },
        { line: 'upyw backup now.bin --reference old.bin', what: 'read only what has changed since' },
        { line: 'upyw backup nvs.bin --offset 0x9000 --size 0x6000' },
      ],
      flags: ['--port', '--baud', '--yes', '--dry-run'],
      many: 'loader',
      run: async (context, file: string | undefined, options: BackupFlags) =>
        (await import('../commands/chip/backup.js')).backup(context, file, options),
    },
    {
      call: 'restore <file>',
      summary: 'make the chip what a backup says',
      options: [withoutStub],
      examples: [{ line: 'upyw restore esp32-240a12345678-2025-11-23.bin' }],
      flags: ['--port', '--baud', '--yes', '--dry-run'],
      many: 'loader',
      run: async (context, file: string, options: LoaderFlags) =>
        (await import('../commands/chip/restore.js')).restore(context, file, options),
    },
    {
      call: 'erase',
      summary: 'erase the whole chip',
      options: [withoutStub],
      examples: [{ line: 'upyw erase' }],
      flags: ['--port', '--baud', '--yes', '--dry-run'],
      many: 'loader',
      run: async (context, options: LoaderFlags) =>
        (await import('../commands/chip/erase.js')).erase(context, options),
    },
    {
      call: 'verify <file>',
      summary: 'compare the chip with a firmware or a backup',
      options: [
        withoutStub,
        { flags: '--offset <address>', what: 'where the file belongs, if it does not tell' },
      ],
      examples: [{ line: 'upyw verify firmware.bin' }],
      flags: ['--port', '--baud'],
      many: 'loader',
      run: async (context, file: string, options: VerifyFlags) =>
        (await import('../commands/chip/verify.js')).verify(context, file, options),
    },
    {
      call: 'chip',
      summary: 'show what chip it is and what is on it',
      options: [withoutStub],
      examples: [{ line: 'upyw chip' }, { line: 'upyw chip --json' }],
      flags: ['--port', '--baud', '--json'],
      many: 'loader',
      run: async (context, options: LoaderFlags) =>
        (await import('../commands/chip/chip.js')).chip(context, options),
    },
    firmwareCommand,
  ],
};
