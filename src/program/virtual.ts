import type { Command } from 'commander';
import type { SimPinOptions } from '../commands/sim/pin.js';
import type { SimResetOptions } from '../commands/sim/reset.js';
import type { SimServeOptions } from '../commands/sim/serve.js';
import { type Choose, declare } from './declare.js';

/** `upyw sim …`: virtual boards as such; as ports they are named with `-p sim:`. */
export function addVirtualCommands(program: Command, choose: Choose): void {
  const sim = declare(
    program,
    'sim',
    'serve, list and reset virtual boards, and work their pins',
    'upyw -p sim: ls                  any command on a virtual board',
    'upyw sim serve -p sim:desk1      keep one switched on for other tools',
    'upyw sim pin 12 low              press the button at GPIO12 of a board that is served',
    'upyw sim adc 36 1800             1.8 V on the analog input GPIO36',
    'upyw sim list',
    'upyw sim reset desk1',
  );
  addServe(sim, choose);
  addPins(sim, choose);
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

function addPins(sim: Command, choose: Choose): void {
  declare(
    sim,
    'pin [gpio] [level]',
    'connect a pin of a board that is served (low, high, release), or see how its pins are',
    'upyw sim pin 12 low              until it is released',
    'upyw sim pin 12 low --for 200    a tap of 200 ms on a button',
    'upyw sim pin 2                   what the program drives',
    'upyw sim pin                     all pins that are in use',
  )
    .option('--for <ms>', 'release it after so many milliseconds')
    .action((gpio: string | undefined, level: string | undefined, options: SimPinOptions) => {
      choose(async (context) =>
        (await import('../commands/sim/pin.js')).simPin(context, gpio, level, options),
      );
    });
  declare(
    sim,
    'adc <gpio> [mv]',
    'put a voltage on an analog input of a board that is served, in millivolts',
    'upyw sim adc 36 1800',
    'upyw sim adc 36 release',
  ).action((gpio: string, voltage: string | undefined) => {
    choose(async (context) => (await import('../commands/sim/adc.js')).simAdc(context, gpio, voltage));
  });
}
