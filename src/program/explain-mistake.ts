import { nearest } from '../config/nearest.js';
import { UpywError } from '../errors.js';
import type { CommandLine } from '../program.js';
import { insteadOfCommand, insteadOfFlag } from './old-words.js';

type Mistake = CommandLine & { readonly kind: 'mistake' };

/** commander's own words in our form, with what was meant where that can be told. */
export function usageError(mistake: Mistake): UpywError {
  const { error, command } = mistake;
  const [, word = ''] = /'([^'=]*)[^]*'/.exec(error.message) ?? [];
  const instead = insteadOf(mistake, word);
  return new UpywError(
    'usage/arguments',
    { problem: problemOf(mistake), command, ...(instead === undefined ? {} : { instead }) },
    { cause: error },
  );
}

function problemOf({ error }: Mistake): string {
  if (error.code === 'commander.help') return 'that is only half a command';
  return (
    error.message
      .replace(/^error: /, '')
      // A mistyped --password=… comes with what it was to hold.
      .replace(/^(unknown option '[^=']*)=[^]*'/, "$1'")
      .replace(/\n/g, ' ')
  );
}

function insteadOf({ error, command, words, known }: Mistake, word: string): string | undefined {
  const isCommand = error.code === 'commander.unknownCommand';
  if (!isCommand && error.code !== 'commander.unknownOption') return undefined;
  const instead = isCommand ? insteadOfCommand(words) : insteadOfFlag(word);
  if (instead !== undefined) return instead;
  // It is an option of the command, and stood in front of it.
  if (known.includes(word)) return `Give ${word} behind ${command}`;
  const meant = nearest(word, known) ?? beginningOf(word, known);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** `prov` for `provision`, `--recursiv` for `--recursive`: only what is one word's beginning alone. */
function beginningOf(word: string, known: readonly string[]): string | undefined {
  const fitting = known.filter((each) => each.startsWith(word));
  return word.replace(/^-+/, '').length > 1 && fitting.length === 1 ? fitting[0] : undefined;
}
