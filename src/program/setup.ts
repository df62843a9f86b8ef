import type { Command } from 'commander';
import type { ListOptions } from '../commands/list.js';
import { type Choose, declare } from './declare.js';

/** Commands about upyw itself and the ports of this computer. */
export function addSetupCommands(program: Command, choose: Choose): void {
  program.commandsGroup('Setting up:');
  declare(program, 'list', 'list the serial ports of this computer', 'upyw list', 'upyw list --probe')
    .alias('devs')
    .option('--probe', 'ask what is on each; a program that runs there is interrupted')
    .action((options: ListOptions) => {
      choose(async (context) => (await import('../commands/list.js')).list(context, options));
    });
  declare(program, 'demo', 'the workshop in half a minute, on a virtual board', 'upyw demo').action(() => {
    choose(async (context) => (await import('../commands/demo.js')).demo(context));
  });
  declare(
    program,
    'config',
    'show every setting and where it comes from',
    'upyw config',
    'upyw config --json',
  ).action(() => {
    choose(async (context) => (await import('../commands/config.js')).config(context));
  });
}
