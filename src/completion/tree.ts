import { Command } from '../program/commander.js';
import { commandGroups } from '../program.js';
import { type CommandDefinition, nameOf } from '../program/definition.js';
import { addGlobalFlags } from '../program/global-flags.js';

/** What can be typed, from the definitions of which the help is made too. It is put together when upyw is built. */
export interface CommandNode {
  readonly name: string;
  readonly what: string;
  readonly alias?: string;
  readonly options: readonly OptionNode[];
  /** Names of the arguments, in their order; the last may be given several times. */
  readonly args: readonly string[];
  readonly commands: readonly CommandNode[];
}

export interface OptionNode {
  /** `-p`, `--port` */
  readonly flags: readonly string[];
  readonly what: string;
  /** The name of its value; undefined: it has none. */
  readonly value?: string;
}

/** The program itself: its options are every command's. */
export function completionTree(): CommandNode {
  const program = new Command('upyw');
  addGlobalFlags(program, new Set());
  return {
    name: 'upyw',
    what: '',
    options: [
      ...program.options.map(({ flags, description }) => optionNode(flags, description)),
      { flags: ['-h', '--help'], what: 'help; also after a command' },
    ],
    args: [],
    commands: commandGroups.flatMap(({ commands }) => commands.map(commandNode)),
  };
}

function commandNode(definition: CommandDefinition): CommandNode {
  const { call, summary: what, alias, options = [], commands = [] } = definition;
  return {
    name: nameOf(definition),
    what,
    ...(alias === undefined ? {} : { alias }),
    options: options.map((each) => optionNode(each.flags, each.what)),
    args: call
      .split(' ')
      .slice(1)
      .map((arg) => arg.replace(/[<>[\].]/g, '')),
    commands: commands.map(commandNode),
  };
}

function optionNode(flags: string, what: string): OptionNode {
  const value = /[<[]([^\]>]+)[\]>]/.exec(flags)?.[1];
  const names = flags.split(/[ ,|]+/).filter((each) => each.startsWith('-'));
  return { flags: names, what, ...(value === undefined ? {} : { value }) };
}
