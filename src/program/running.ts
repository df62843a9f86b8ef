import type { Command } from 'commander';
import type { EvalOptions } from '../commands/eval.js';
import type { ReplOptions } from '../commands/repl.js';
import type { ResetOptions } from '../commands/reset.js';
import type { RunOptions } from '../commands/support/run-code.js';
import { type ContextSource, declare } from './declare.js';

const rawFlag = ['--raw', "leave the board's line ends (\\r\\n) as they are"] as const;

/** Commands that run Python on the board. */
export function addRunningCommands(program: Command, context: ContextSource): void {
  program.commandsGroup('Running code:');
  addPrograms(program, context);
  addBoardState(program, context);
}

function addPrograms(program: Command, context: ContextSource): void {
  declare(
    program,
    'run <file> [args...]',
    'run a file of this computer on the board',
    'upyw run blink.py',
    'upyw run blink.py 3 fast         sys.argv is ["blink.py", "3", "fast"]',
    'upyw run --no-follow main.py     start it and leave',
  )
    .option('--no-follow', 'start it, and do not wait for what it prints')
    .option(...rawFlag)
    .action(async (file: string, args: string[], options: RunOptions) =>
      (await import('../commands/run.js')).run(context(), file, args, options),
    );
  declare(
    program,
    'exec <code>',
    'run Python code',
    'upyw exec "import os; print(os.uname())"',
    'upyw exec - < code.py',
  )
    .option('--no-follow', 'start it, and do not wait for what it prints')
    .option(...rawFlag)
    .action(async (code: string, options: RunOptions) =>
      (await import('../commands/exec.js')).exec(context(), code, options),
    );
  declare(program, 'eval <expression>', 'show the value of an expression', 'upyw eval "2 ** 10"')
    .option(...rawFlag)
    .action(async (expression: string, options: EvalOptions) =>
      (await import('../commands/eval.js')).evaluate(context(), expression, options),
    );
}

function addBoardState(program: Command, context: ContextSource): void {
  declare(
    program,
    'repl',
    "type Python at the board's prompt",
    'upyw repl',
    'upyw repl --capture session.txt',
  )
    .description("type Python at the board's prompt; Ctrl-] or Ctrl-X leaves")
    .option('--capture <file>', 'also write what the board says to a file')
    .action(async (options: ReplOptions) => (await import('../commands/repl.js')).repl(context(), options));
  declare(program, 'reset', 'restart the board', 'upyw reset', 'upyw reset --soft')
    .option('--soft', 'restart MicroPython only')
    .option('--hard', 'by the reset line, as the EN button does (default where there is one)')
    .option('--bootloader', 'into the ROM loader, ready for new firmware')
    .action(async (options: ResetOptions) =>
      (await import('../commands/reset.js')).reset(context(), options),
    );
}
