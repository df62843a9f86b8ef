import { dirname, join } from 'node:path';

/** What holds a project to the very firmware and packages that were used: each has a part of it. */
export const lockName = 'upyw.lock.json';

/** Beside the project's config. */
export function lockPath(configPath: string): string {
  return join(dirname(configPath), lockName);
}

/** The parts of a lock. `mistake` makes the error for what is none: `cause` is undefined where it is JSON, and no object. */
export function lockParts(
  text: string,
  mistake: (cause?: unknown) => Error,
): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw mistake(cause);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw mistake();
  return content as Readonly<Record<string, unknown>>;
}

/** A lock as it is written. */
export function lockText(parts: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(parts, null, 2)}\n`;
}
