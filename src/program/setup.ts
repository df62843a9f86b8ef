import type { Command } from 'commander';
import type { ListOptions } from '../commands/setup/list.js';
import type { ProvisionOptions } from '../commands/setup/provision.js';
import { type Choose, declare } from './declare.js';

/** Commands about upyw itself and the ports of this computer. */
export function addSetupCommands(program: Command, choose: Choose): void {
  program.commandsGroup('Setting up:');
  declare(program, 'list', 'list the serial ports of this computer', 'upyw list', 'upyw list --probe')
    .alias('devs')
    .option('--probe', 'ask what is on each; a program that runs there is interrupted')
    .action((options: ListOptions) => {
      choose(async (context) => (await import('../commands/setup/list.js')).list(context, options));
    });
  declare(
    program,
    'init',
    'write a configuration, a file for secrets and a first program into this folder',
    'upyw init',
    'upyw init --yes                  without a question',
  ).action(() => {
    choose(async (context) => (await import('../commands/setup/init.js')).init(context));
  });
  addProvision(program, choose);
  declare(program, 'demo', 'the workshop in half a minute, on a virtual board', 'upyw demo').action(() => {
    choose(async (context) => (await import('../commands/setup/demo.js')).demo(context));
  });
  declare(
    program,
    'config',
    'show every setting and where it comes from',
    'upyw config',
    'upyw config --json',
  ).action(() => {
    choose(async (context) => (await import('../commands/setup/config.js')).config(context));
  });
}

function addProvision(program: Command, choose: Choose): void {
  declare(
    program,
    'provision',
    'put a board into your Wi-Fi, with clock and libraries, at every boot',
    'upyw provision --ssid workshop --password-stdin < password.txt',
    'upyw provision                   with upyw.config.yaml (upyw init writes it)',
    'upyw provision --dry-run         what would change on the board',
    'upyw provision --no-wifi         only the code of the workshop',
    'upyw provision --undo            take it out again',
  )
    .option('--ssid <name>', 'the network')
    .option('--password-stdin', 'read its password from a pipe or a file')
    .option('--password <text>', 'its password, for all to see: the shell keeps it')
    .option('--hostname <name>', "the board's name in the network")
    .option('--country <code>', 'two letters, such as CZ')
    .option('--ntp-host <name>', 'the time server')
    .option('--utc-offset <offset>', 'how far local time is ahead of UTC, such as +02:00')
    .option('--api-url <address>', 'the web service that api_test.py talks to')
    .option('--pin-btn1 <gpio>', 'where the first button is')
    .option('--pin-btn2 <gpio>', 'where the second button is')
    .option('--pin-led <gpio>', 'where the LED is')
    .option('--pin-adc <gpio>', 'the analog input')
    .option('--main', "also replace the board's main.py, if files has one")
    .option('--no-wifi', "put the workshop's code on the board, and leave Wi-Fi out")
    .option('--no-check', 'do not restart the board to see it work')
    .option('--undo', 'take out what provisioning put in')
    .action((options: ProvisionOptions) => {
      choose(async (context) => (await import('../commands/setup/provision.js')).provision(context, options));
    });
}
