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
  'device files': !isWindows,
  'named pipes': !isWindows,
  'a POSIX shell': !isWindows,
  /** Windows has one signal for other processes, their end. */
  'signals for other processes': !isWindows,
  /** node-pty has ConPTY there, whose far end is no serial device. */
  'pseudo-terminals': !isWindows,
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

/** A test of what this system may have no notion of; there it is skipped, and its title says why. */
export function testWith(need: Need, title: string, body: TestFunction, options: TestOptions = {}): void {
  if (has(need)) test(title, options, body);
  else test.skip(skipped(need, title), options, body);
}

/** The same for a suite. */
export function describeWith(need: Need, title: string, suite: () => void): void {
  if (has(need)) describe(title, suite);
  else describe.skip(skipped(need, title), suite);
}

function skipped(need: Need, title: string): string {
  return `${title} (skipped: ${systemName} has no ${need})`;
}
