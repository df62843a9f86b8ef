import type { Command } from 'commander';
import type { EvalOptions } from '../commands/running/eval.js';
import type { ReplOptions } from '../commands/running/repl.js';
import type { ResetOptions } from '../commands/running/reset.js';
import type { RunFileOptions } from '../commands/running/run.js';
import type { RunOptions } from '../commands/running/run-code.js';
import { type Choose, declare } from './declare.js';

const rawFlag = ['--raw', "leave the board's line ends (\\r\\n) as they are"] as const;

/** Commands that run Python on the board. */
export function addRunningCommands(program: Command, choose: Choose): void {
  program.commandsGroup('Running code:');
  addPrograms(program, choose);
  addBoardState(program, choose);
}

function addPrograms(program: Command, choose: Choose): void {
  declare(
    program,
    'run <file> [args...]',
    'run a file of this computer on the board',
    'upyw run blink.py',
    'upyw run blink.py 3 fast         sys.argv is ["blink.py", "3", "fast"]',
    'upyw run --no-follow main.py     start it and leave',
  )
    .option('--no-follow', 'start it, and do not wait for what it prints')
    .option('--keep', 'let it see the names that are there, and leave its own')
    .option(...rawFlag)
    .action((file: string, args: string[], options: RunFileOptions) => {
      choose(async (context) =>
        (await import('../commands/running/run.js')).run(context, file, args, options),
      );
    });
  declare(
    program,
    'exec <code>',
    'run Python code',
    'upyw exec "import os; print(os.uname())"',
    'upyw exec - < code.py',
  )
    .option('--no-follow', 'start it, and do not wait for what it prints')
    .option(...rawFlag)
    .action((code: string, options: RunOptions) => {
      choose(async (context) => (await import('../commands/running/exec.js')).exec(context, code, options));
    });
  declare(program, 'eval <expression>', 'show the value of an expression', 'upyw eval "2 ** 10"')
    .option(...rawFlag)
    .action((expression: string, options: EvalOptions) => {
      choose(async (context) =>
        (await import('../commands/running/eval.js')).evaluate(context, expression, options),
      );
    });
}

function addBoardState(program: Command, choose: Choose): void {
  declare(
    program,
    'repl',
    "type Python at the board's prompt",
    'upyw repl',
    'upyw repl --capture session.txt',
  )
    .description("type Python at the board's prompt; Ctrl-] or Ctrl-X leaves")
    .option('--capture <file>', 'also write what the board says to a file')
    .action((options: ReplOptions) => {
      choose(async (context) => (await import('../commands/running/repl.js')).repl(context, options));
    });
  declare(program, 'reset', 'restart the board', 'upyw reset', 'upyw reset --soft')
    .option('--soft', 'restart MicroPython only')
    .option('--hard', 'by the reset line, as the EN button does (default where there is one)')
    .option('--bootloader', 'into the ROM loader, ready for new firmware')
    .action((options: ResetOptions) => {
      choose(async (context) => (await import('../commands/running/reset.js')).reset(context, options));
    });
}
