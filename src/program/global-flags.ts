import type { Command } from 'commander';
import type { FleetFlags } from '../context.js';

/** Those flags as they were typed; their values are read by `readFlags`. */
export interface RawFlags extends FleetFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  /** Commander sets it to true where `--no-color` is not given. */
  readonly color?: boolean;
  /** As often as it was given. */
  readonly port?: readonly string[];
  readonly baud?: string;
  readonly timeout?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly trace?: string;
  readonly dtr?: string;
  readonly rts?: string;
  /** Commander sets it to true where `--no-reset` is not given. */
  readonly reset?: boolean;
}

const manyBoards = "For many boards at once (-p all, -p '/dev/ttyUSB*', -p 'name:device*', or several -p):";

/**
 * Flags of every command. Commander takes those of the program before and after the command's name, so that the program has no flag that the command
 * has itself: those of `own` are left out.
 */
export function addGlobalFlags(program: Command, own: ReadonlySet<string>): void {
  program
    .optionsGroup('For every command:')
    .option(
      '-p, --port <name>',
      'where the board is: COM3, /dev/ttyUSB0, u0, name:device03, rfc2217://host:port, sim: …',
      (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
    )
    .option('-b, --baud <rate>', 'bits per second (115200)')
    .option('-y, --yes', 'agree to every question')
    .option('-n, --dry-run', 'say what would be done, and change nothing')
    .option('--json', 'print one JSON document, for programs')
    .option('--quiet', 'print results, warnings and errors only')
    .option('--verbose', 'say more, also about errors')
    .option('--trace <file>', 'write all bytes on the wire to a file, as hex')
    .option('--dtr <0|1>', 'DTR at rest, 1 for an adapter that has it inverted (0)')
    .option('--rts <0|1>', 'RTS at rest, 1 for an adapter that has it inverted (0)')
    .option('--timeout <seconds>', 'wait so long for an answer; a program that runs may take any time')
    .option('--no-reset', 'never reset a board that does not answer')
    .option('--no-color', 'no colours (so does NO_COLOR=1)')
    .helpOption('-h, --help', 'help; also after a command');
  if (!own.has('--version')) program.option('--version', 'print the version');
  program
    .optionsGroup(manyBoards)
    .option('--jobs <number>', 'so many boards at a time (all)')
    .option('--report <file>', 'write what came of each board into a .csv or .json file')
    .option('--retry-failed <file>', 'only the boards that have failed in that report')
    .optionsGroup('Options:');
  if (own.has('--watch')) return;
  program
    .optionsGroup(manyBoards)
    .option('--watch', 'go on with what is plugged in next, until Ctrl-C')
    .option('--again', 'with --watch: a board that comes back is done once more')
    .optionsGroup('Options:');
}
