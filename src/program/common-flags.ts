import type * as commander from 'commander';
import { Option } from './commander.js';

const board = ['--port'];
const changing = ['--port', '--dry-run'];
const asking = ['--port', '--yes', '--dry-run'];
const loader = ['--port', '--baud'];
const writing = ['--port', '--baud', '--yes', '--dry-run'];

/** Of the flags that every command takes those that matter to one: its help has them. */
const commonFlags: Readonly<Record<string, readonly string[]>> = {
  ls: [...board, '--json'],
  tree: board,
  cat: board,
  df: [...board, '--json'],
  put: changing,
  get: asking,
  sync: asking,
  rm: asking,
  mkdir: changing,
  rmdir: changing,
  run: changing,
  exec: changing,
  eval: [...board, '--json'],
  repl: board,
  reset: changing,
  flash: writing,
  backup: writing,
  restore: writing,
  erase: writing,
  verify: loader,
  chip: [...loader, '--json'],
  list: ['--json'],
  init: ['--yes', '--dry-run'],
  provision: asking,
  config: ['--port', '--json'],
  'image info': ['--json'],
  'image create': ['--yes', '--dry-run', '--json'],
  'image diff': ['--port', '--json'],
  'sim serve': board,
  'sim pin': board,
  'sim adc': board,
  'sim list': ['--json'],
  'sim reset': ['--yes', '--dry-run'],
};

/** Puts those flags into a command's help. */
export function showCommonFlags(command: commander.Command): void {
  command.configureHelp({
    showGlobalOptions: true,
    visibleGlobalOptions: () => flagsFor(command),
    styleTitle: (title) => (title === 'Global Options:' ? 'As for every command:' : title),
  });
}

function flagsFor(command: commander.Command): commander.Option[] {
  let top = command;
  const names: string[] = [];
  for (; top.parent !== null; top = top.parent) names.unshift(top.name());
  const wanted = commonFlags[names.join(' ')] ?? [];
  const taken = new Set(command.options.map(({ short }) => short));
  return (
    top.options
      .filter(({ long }) => wanted.includes(long ?? ''))
      // `mkdir -p` has another meaning.
      .map((option) =>
        taken.has(option.short) ? new Option(option.flags.replace(/^-\w, /, ''), option.description) : option,
      )
  );
}
