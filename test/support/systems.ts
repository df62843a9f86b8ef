import { type TestFunction, type TestOptions, describe, test } from 'vitest';

const { platform } = process;
const isWindows = platform === 'win32';
const isLinux = platform === 'linux';
const systemName = isWindows ? 'Windows' : isLinux ? 'Linux' : 'macOS';

/** What a test may need that not every system has. */
const here = {
  'file modes': !isWindows,
  /** Windows makes links for administrators and developers only. */
  'links for everybody': !isWindows,
  /** Windows renames nothing over a folder, nor over a link to one. */
  'folders that take the place of others in one step': !isWindows,
  'device files': !isWindows,
  'named pipes': !isWindows,
  'a POSIX shell': !isWindows,
  /** Windows has one signal for other processes, their end. */
  'signals for other processes': !isWindows,
  /** Windows has a console that draws what programs write; `test/windows/console.test.ts` looks at that. */
  'pseudo-terminals': !isWindows,
  /** On macOS they take the rates of `termios` only, their end is told otherwise, and nobody says who has one open. */
  'pseudo-terminals like serial ports': isLinux,
  setsid: isLinux,
  'names with quotes and newlines': !isWindows,
  'case in names': isLinux,
  'names that are not UTF-8': isLinux,
  '/proc': isLinux,
  '/sys': isLinux,
  '/dev/full': isLinux,
} as const;

export type Need = keyof typeof here;

/** Whether this system has it: for one more look within a test. */
export function has(need: Need): boolean {
  return here[need];
}

/** The exit code of a program that was sent a signal. Where there are none it was just ended, and has none. */
export function afterSignal(exitCode: number): number | undefined {
  return has('signals for other processes') ? exitCode : undefined;
}

/** A test of what this system may have no notion of; there it is skipped, and its title says why. */
export function testWith(need: Need, title: string, body: TestFunction, options: TestOptions = {}): void {
  if (has(need)) test(title, options, body);
  else test.skip(skipped(need, title), options, body);
}

/** The same for a suite. */
export function describeWith(need: Need, title: string, suite: () => void, options: TestOptions = {}): void {
  if (has(need)) describe(title, options, suite);
  else describe.skip(skipped(need, title), options, suite);
}

function skipped(need: Need, title: string): string {
  return `${title} (skipped: ${systemName} has no ${need})`;
}
