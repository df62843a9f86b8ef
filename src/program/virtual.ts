import type { Command } from 'commander';
import type { SimResetOptions } from '../commands/sim/reset.js';
import type { SimServeOptions } from '../commands/sim/serve.js';
import { type Choose, declare } from './declare.js';

/** `upyw sim …`: virtual boards as such; as ports they are named with `-p sim:`. */
export function addVirtualCommands(program: Command, choose: Choose): void {
  const sim = declare(
    program,
    'sim',
    'serve, list and reset virtual boards',
    'upyw -p sim: ls                  any command on a virtual board',
    'upyw sim serve -p sim:desk1      keep one switched on for other tools',
    'upyw sim list',
    'upyw sim reset desk1',
  );
  addServe(sim, choose);
  declare(sim, 'list', 'list the virtual boards that have been used', 'upyw sim list').action(() => {
    choose(async (context) => (await import('../commands/sim/list.js')).simList(context));
  });
  declare(sim, 'reset <name>', 'make a virtual board new: its files are gone', 'upyw sim reset desk1')
    .option('--blank', 'leave an erased chip, without MicroPython')
    .action((name: string, options: SimResetOptions) => {
      choose(async (context) => (await import('../commands/sim/reset.js')).simReset(context, name, options));
    });
}

function addServe(sim: Command, choose: Choose): void {
  declare(
    sim,
    'serve',
    'keep a virtual board switched on and offer it to other programs',
    'upyw sim serve',
    'upyw sim serve -p sim:desk1 --listen 127.0.0.1:2217',
    'upyw sim serve --pty             on a pseudo-terminal too',
    'upyw sim serve --fault noise',
  )
    .option(
      '--listen <address>',
      'where to listen; other computers reach it only on 0.0.0.0',
      '127.0.0.1:2217',
    )
    .option('--pty', 'offer it on a pseudo-terminal too')
    .option('--fault <names>', 'switch faults on: see the README')
    .action((options: SimServeOptions) => {
      choose(async (context) => (await import('../commands/sim/serve.js')).simServe(context, options));
    });
}
