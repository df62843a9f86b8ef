import type { Command } from 'commander';
import type { BackupFlags } from '../commands/chip/backup.js';
import type { FlashOptions } from '../commands/chip/flash.js';
import type { LoaderFlags } from '../connecting/open-loader.js';
import type { VerifyFlags } from '../commands/chip/verify.js';
import { type Choose, declare } from './declare.js';

/** Commands that talk to the ESP32's loader instead of MicroPython. */
export function addChipCommands(program: Command, choose: Choose): void {
  program.commandsGroup('Firmware and the whole chip:');
  addFlash(program, choose);
  addCopies(program, choose);
  addOthers(program, choose);
}

/** They all take it. */
function withStubFlag(command: Command): Command {
  return command.option('--no-stub', "work with the chip's own loader alone, slower");
}

function addFlash(program: Command, choose: Choose): void {
  withStubFlag(
    declare(
      program,
      'flash [firmware]',
      'put MicroPython on the chip',
      'upyw flash ESP32_GENERIC-20250911-v1.26.1.bin',
      'upyw flash firmware.bin --keep-files     new firmware, old files',
      'upyw flash firmware.bin -b 460800        not faster than this (default 921600)',
      'upyw flash app.bin --offset 0x10000      only this, only there',
      'upyw flash firmware.bin --with src       and the files of a folder, in one go',
      'upyw flash firmware.bin --with src --provision --ssid workshop',
    ),
  )
    .option('--keep-files', "leave the board's files as they are")
    .option('--offset <address>', 'write the file here, and nothing else')
    .option('--force', 'write it though it is not recognised or not for this chip')
    .option('--with <folder>', "also write the board's files: what is in this folder")
    .option('--outside-links', 'follow links that lead out of the folder')
    .option('--provision', 'also write what upyw provision puts on a board, and see it join your Wi-Fi')
    .option('--ssid <name>', 'the network')
    .option('--password-stdin', 'read its password from a pipe or a file')
    .option('--password <text>', 'its password, for all to see: the shell keeps it')
    .option('--no-check', 'do not wait for the board to join the network')
    .action((firmware: string | undefined, options: FlashOptions) => {
      choose(async (context) =>
        (await import('../commands/chip/flash.js')).flash(context, firmware, options),
      );
    });
}

function addCopies(program: Command, choose: Choose): void {
  withStubFlag(
    declare(
      program,
      'backup [file]',
      'copy the whole flash to a file',
      'upyw backup                              named after MAC and date',
      'upyw backup now.bin --reference old.bin  read only what has changed since',
      'upyw backup nvs.bin --offset 0x9000 --size 0x6000',
    ),
  )
    .option('--offset <address>', 'where to begin (0)')
    .option('--size <bytes>', 'how much: 64k, 4M, 0x1000 (all)')
    .option('--reference <file>', 'an older backup: take from it what has not changed')
    .action((file: string | undefined, options: BackupFlags) => {
      choose(async (context) => (await import('../commands/chip/backup.js')).backup(context, file, options));
    });
  withStubFlag(
    declare(
      program,
      'restore <file>',
      'make the chip what a backup says',
      'upyw restore esp32-240a12345678-2025-11-23.bin',
    ),
  ).action((file: string, options: LoaderFlags) => {
    choose(async (context) => (await import('../commands/chip/restore.js')).restore(context, file, options));
  });
}

function addOthers(program: Command, choose: Choose): void {
  withStubFlag(declare(program, 'erase', 'erase the whole chip', 'upyw erase')).action(
    (options: LoaderFlags) => {
      choose(async (context) => (await import('../commands/chip/erase.js')).erase(context, options));
    },
  );
  withStubFlag(
    declare(
      program,
      'verify <file>',
      'compare the chip with a firmware or a backup',
      'upyw verify firmware.bin',
    ),
  )
    .option('--offset <address>', 'where the file belongs, if it does not tell')
    .action((file: string, options: VerifyFlags) => {
      choose(async (context) => (await import('../commands/chip/verify.js')).verify(context, file, options));
    });
  withStubFlag(
    declare(program, 'chip', 'show what chip it is and what is on it', 'upyw chip', 'upyw chip --json'),
  ).action((options: LoaderFlags) => {
    choose(async (context) => (await import('../commands/chip/chip.js')).chip(context, options));
  });
}
