import type { SimPinOptions } from '../commands/sim/pin.js';
import type { SimResetOptions } from '../commands/sim/reset.js';
import type { SimServeOptions } from '../commands/sim/serve.js';
import type { CommandGroup } from './definition.js';

/** `upyw sim …`: virtual boards as such; as ports they are named with `-p sim:`. */
export const virtualCommands: CommandGroup = {
  commands: [
    {
      call: 'sim',
      summary: 'serve, list and reset virtual boards, and work their pins',
      examples: [
        { line: 'upyw -p sim: ls', what: 'any command on a virtual board' },
        { line: 'upyw sim serve -p sim:desk1', what: 'keep one switched on for other tools' },
        { line: 'upyw sim pin 12 low', what: 'press the button at GPIO12 of a board that is served' },
        { line: 'upyw sim adc 36 1800', what: '1.8 V on the analog input GPIO36' },
        { line: 'upyw sim list' },
        { line: 'upyw sim reset desk1' },
      ],
      flags: [],
      commands: [
        {
          call: 'serve',
          summary: 'keep a virtual board switched on and offer it to other programs',
          options: [
            {
              flags: '--listen <address>',
              what: 'where to listen; other computers reach it only on 0.0.0.0',
              byDefault: '127.0.0.1:2217',
            },
            { flags: '--pty', what: 'offer it on a pseudo-terminal too' },
            { flags: '--fault <names>', what: 'switch faults on: see docs/virtual-board.md' },
          ],
          examples: [
            { line: 'upyw sim serve' },
            { line: 'upyw sim serve -p sim:desk1 --listen 127.0.0.1:2217' },
            { line: 'upyw sim serve --pty', what: 'on a pseudo-terminal too' },
            { line: 'upyw sim serve --fault noise' },
          ],
          flags: ['--port'],
          run: async (context, options: SimServeOptions) =>
            (await import('../commands/sim/serve.js')).simServe(context, options),
        },
        {
          call: 'pin [gpio] [level]',
          summary: 'connect a pin of a board that is served (low, high, release), or see how its pins are',
          options: [{ flags: '--for <ms>', what: 'release it after so many milliseconds' }],
          examples: [
            { line: 'upyw sim pin 12 low', what: 'until it is released' },
            { line: 'upyw sim pin 12 low --for 200', what: 'a tap of 200 ms on a button' },
            { line: 'upyw sim pin 2', what: 'what the program drives' },
            { line: 'upyw sim pin', what: 'all pins that are in use' },
          ],
          flags: ['--port'],
          run: async (context, gpio: string | undefined, level: string | undefined, options: SimPinOptions) =>
            (await import('../commands/sim/pin.js')).simPin(context, gpio, level, options),
        },
        {
          call: 'adc <gpio> [mv]',
          summary: 'put a voltage on an analog input of a board that is served, in millivolts',
          examples: [{ line: 'upyw sim adc 36 1800' }, { line: 'upyw sim adc 36 release' }],
          flags: ['--port'],
          run: async (context, gpio: string, voltage: string | undefined) =>
            (await import('../commands/sim/adc.js')).simAdc(context, gpio, voltage),
        },
        {
          call: 'list',
          summary: 'list the virtual boards that have been used',
          examples: [{ line: 'upyw sim list' }],
          flags: ['--json'],
          run: async (context) => (await import('../commands/sim/list.js')).simList(context),
        },
        {
          call: 'reset <name>',
          summary: 'make a virtual board new: its files are gone',
          options: [{ flags: '--blank', what: 'leave an erased chip, without MicroPython' }],
          examples: [{ line: 'upyw sim reset desk1' }],
          flags: ['--yes', '--dry-run'],
          run: async (context, name: string, options: SimResetOptions) =>
            (await import('../commands/sim/reset.js')).simReset(context, name, options),
        },
      ],
    },
  ],
};
