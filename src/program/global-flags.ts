import type { Command } from 'commander';
import { expectedBaud, expectedSeconds, parseBaud, parseSeconds } from '../config/values.js';
import type { GlobalFlags } from '../context.js';
import { UpywError } from '../errors.js';

interface ParsedFlags {
  readonly port?: string;
  readonly baud?: number;
  readonly timeout?: number;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly trace?: string;
}

/** Flags of every command. Commander takes those of the program before and after the command's name. */
export function addGlobalFlags(program: Command): void {
  program
    .optionsGroup('For every command:')
    .option('-p, --port <name>', 'where the board is: COM3, /dev/ttyUSB0, u0, rfc2217://host:port, sim: …')
    .option('-b, --baud <rate>', 'bits per second (115200)', (text) =>
      parsed('--baud', text, parseBaud, expectedBaud),
    )
    .option('-y, --yes', 'agree to every question')
    .option('-n, --dry-run', 'say what would be done, and change nothing')
    .option('--json', 'print one JSON document, for programs')
    .option('--quiet', 'print results and errors only')
    .option('--verbose', 'say more, also about errors')
    .option('--trace <file>', 'write all bytes on the wire to a file, as hex')
    .option('--timeout <seconds>', 'wait so long for an answer', (text) =>
      parsed('--timeout', text, parseSeconds, expectedSeconds),
    )
    .option('--no-color', 'no colours (so does NO_COLOR=1)')
    .option('--version', 'print the version')
    .helpOption('-h, --help', 'help; also after a command')
    .optionsGroup('Options:');
}

/** The values of those flags, once parsed. */
export function globalFlags(program: Command): GlobalFlags {
  const { port, baud, timeout, yes, dryRun, trace } = program.opts<ParsedFlags>();
  const settings = {
    ...(port === undefined ? {} : { port }),
    ...(baud === undefined ? {} : { baud }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  return { settings, yes: yes === true, dryRun: dryRun === true, ...(trace === undefined ? {} : { trace }) };
}

function parsed<Value>(
  name: string,
  value: string,
  parse: (text: string) => Value | undefined,
  expected: string,
): Value {
  const result = parse(value);
  if (result === undefined) throw new UpywError('usage/bad-value', { name, value, expected });
  return result;
}
