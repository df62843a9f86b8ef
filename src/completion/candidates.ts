import type { CommandNode, OptionNode } from './tree.js';

/** Something that can be typed now. */
export interface Candidate {
  readonly value: string;
  readonly what: string;
}

/** What the word that is typed may become. */
export type Wanted =
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  /** Files of this computer: the shell knows best. */
  | { readonly kind: 'files' }
  | { readonly kind: 'ports' }
  /** Paths on the board, behind a colon or (`bare`) without one. */
  | { readonly kind: 'board'; readonly port: string | undefined; readonly bare: boolean }
  | { readonly kind: 'nothing' };

/** Commands whose arguments are on the board whether a colon is before them or not. */
const onBoard = new Set(['ls', 'tree', 'cat', 'rm', 'mkdir', 'rmdir', 'get', 'touch', 'sha256sum']);
/** Values and arguments that are files or folders of this computer. */
const localNames = /^(?:file|local|folder|firmware|left|right|trace|dir)/;
const shells = ['bash', 'zsh', 'fish', 'powershell'];

/** What may stand in the place of the last of these words, which are typed behind `upyw`. */
export function wantedAt(tree: CommandNode, words: readonly string[]): Wanted {
  const current = words.at(-1) ?? '';
  const place = placeOf(tree, words.slice(0, -1));
  if (place.pending !== undefined) return valueOf(place.pending);
  if (place.isBehindDashes) return { kind: 'files' };
  const { command } = place;
  if (current.startsWith('-'))
    return fromWords([...command.options, ...globals(tree, command)].flatMap(ofOption));
  if (current.startsWith(':')) return { kind: 'board', port: place.port, bare: false };
  if (command.commands.length > 0) {
    return fromWords(command.commands.map(({ name, what }) => ({ value: name, what })));
  }
  const arg = command.args[Math.min(place.given, command.args.length - 1)];
  if (arg === undefined) return { kind: 'nothing' };
  if (arg === 'shell') return fromWords(shells.map((value) => ({ value, what: '' })));
  if (onBoard.has(command.name) && !(command.name === 'get' && place.given > 0)) {
    return { kind: 'board', port: place.port, bare: true };
  }
  return localNames.test(arg) || ['path', 'dest', 'remote', 'args'].includes(arg)
    ? { kind: 'files' }
    : { kind: 'nothing' };
}

interface Place {
  readonly command: CommandNode;
  /** An option that waits for its value. */
  readonly pending: OptionNode | undefined;
  /** How many arguments are there already. */
  readonly given: number;
  readonly port: string | undefined;
  readonly isBehindDashes: boolean;
}

function placeOf(tree: CommandNode, words: readonly string[]): Place {
  let command = tree;
  let pending: OptionNode | undefined;
  let given = 0;
  let port: string | undefined;
  for (const word of words) {
    if (pending !== undefined) {
      if (pending.flags.includes('--port')) port = word;
      pending = undefined;
    } else if (word === '--') return { command, pending, given, port, isBehindDashes: true };
    else if (word.startsWith('-')) {
      const option = [...command.options, ...globals(tree, command)].find(({ flags }) =>
        flags.includes(word),
      );
      if (option?.value !== undefined) pending = option;
      if (word.startsWith('--port=')) port = word.slice('--port='.length);
    } else {
      const inner = command.commands.find(({ name, alias }) => name === word || alias === word);
      if (inner === undefined) given += 1;
      else command = inner;
    }
  }
  return { command, pending, given, port, isBehindDashes: false };
}

/** Every command takes the program's options, but for those that it has itself. */
function globals(tree: CommandNode, command: CommandNode): OptionNode[] {
  if (command === tree) return [];
  const own = new Set(command.options.flatMap(({ flags }) => flags));
  return tree.options.filter(({ flags }) => !flags.some((flag) => own.has(flag)));
}

/** In long form where there is one: it says what it does. */
function ofOption({ flags, what }: OptionNode): Candidate[] {
  const flag = flags.find((each) => each.startsWith('--')) ?? flags[0];
  return flag === undefined ? [] : [{ value: flag, what }];
}

function valueOf({ flags, value = '' }: OptionNode): Wanted {
  if (flags.includes('--port')) return { kind: 'ports' };
  return localNames.test(value) ? { kind: 'files' } : { kind: 'nothing' };
}

function fromWords(candidates: readonly Candidate[]): Wanted {
  return { kind: 'words', candidates };
}
