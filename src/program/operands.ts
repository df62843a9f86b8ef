/** Global flags that are followed by a value. */
const flagsWithValue = new Set([
  ...['-p', '--port', '-b', '--baud', '--timeout', '--trace', '--dtr', '--rts'],
  ...['--jobs', '--report', '--retry-failed'],
]);

/** Where the first word that is no flag stands: the command's name. */
function operandIndex(argv: readonly string[]): number {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-') || word === '-') return index;
    if (word === '--') return index + 1;
    if (flagsWithValue.has(word)) index += 1;
  }
  return -1;
}

/** The command's name; undefined when there are only flags. */
export function commandName(argv: readonly string[]): string | undefined {
  return argv[operandIndex(argv)];
}

/** The command's name and the word that may name one of its own: `sim`, `serve`. */
export function commandWords(argv: readonly string[]): readonly (string | undefined)[] {
  const start = operandIndex(argv);
  return start === -1 ? [] : [argv[start], commandName(argv.slice(start + 1))];
}

/** What `upyw help …` asks about; undefined where that is not the command. */
export function helpWords(argv: readonly string[]): string[] | undefined {
  if (commandName(argv) !== 'help') return undefined;
  return argv.slice(operandIndex(argv) + 1).filter((word) => !word.startsWith('-') && word !== 'help');
}

/**
 * `mkdir -p` means `--parents`, as everywhere; for every other command, and before the name, `-p` is the port. A value that
 * can only be a port (`sim:`, `COM3`, `/dev/ttyUSB0`, `rfc2217://…`) is one here too: nobody makes such a folder.
 */
export function separateParents(argv: readonly string[]): string[] {
  if (commandName(argv) !== 'mkdir') return [...argv];
  const start = operandIndex(argv);
  return argv.map((word, index) => {
    if (word !== '-p' || index < start) return word;
    return isPortName(argv[index + 1] ?? '') ? '--port' : '--parents';
  });
}

function isPortName(word: string): boolean {
  return /^(sim:|socket:\/\/|rfc2217:\/\/|id:|port:|\/dev\/|COM\d+$)/i.test(word);
}
