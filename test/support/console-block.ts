/** A command of a `console` block, and what the block shows of its output: undefined where it shows nothing. */
export interface ConsoleStep {
  readonly command: string;
  readonly shown: string | undefined;
  /** Whether the output shown is that of a failure: its message begins with a cross, its JSON says so. */
  readonly fails: boolean;
}

/** Parts such a block: a line with `$ ` is a command, what stands below it is its output. */
export function readConsoleBlock(text: string): ConsoleStep[] {
  if (!text.startsWith('$ ')) throw new Error(`a console block begins with a command:\n${text}`);
  return text.split(/^\$ /m).flatMap((part) => {
    if (part === '') return [];
    const [command = '', ...output] = part.replace(/\n$/, '').split('\n');
    const shown = output.length === 0 ? undefined : output.join('\n');
    return [{ command, shown, fails: output.some((line) => /^✘|^ *"ok": false/.test(line)) }];
  });
}

/** Whether the output is what is shown. `…` stands for any text within a line, and alone on a line for any number of lines. */
export function isAsShown(output: string, shown: string): boolean {
  const lines = shown.split('\n').map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?';
    return `${line.trimEnd().split('…').map(escaped).join('.*')}[ ]*\\n`;
  });
  const withEnd = output === '' || output.endsWith('\n') ? output : `${output}\n`;
  return new RegExp(`^${lines.join('')}$`, 'u').test(withEnd);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === '-' ? sign : `\\${sign}`));
}
