import type { UpywError } from '../errors.js';

/** Green: as it should be. Yellow: it may make trouble. Red: it will not work. */
export type Level = 'green' | 'yellow' | 'red';

/** One thing that was looked at. */
export interface Finding {
  /** Stable, for scripts: `ports/permission`. */
  readonly id: string;
  readonly level: Level;
  /** One line with the values in it. */
  readonly text: string;
  /** What to do about it. */
  readonly next?: string;
}

/** A failure in its own words, its code the finding's name; without the advice to run what is running. */
export function findingOf(failure: UpywError): Finding {
  return { id: failure.code, level: 'red', text: failure.message, next: withoutDoctor(failure.hint) };
}

/** `--speed` and `--plug` are more than what runs. */
function withoutDoctor(hint: string): string {
  const parts = hint.split(/(?<=[.;:]) /).filter((part) => !/upyw doctor(?! --)/.test(part));
  return parts.join(' ').replace(/[;:]$/, '');
}

export interface Verdict {
  readonly level: Level;
  readonly text: string;
  /** One step that a student can take. */
  readonly next: string;
}

/** The first red finding is what is in the way, else the first yellow one: they come in the order in which things build on one another. */
export function verdictOn(findings: readonly Finding[]): Verdict {
  for (const level of ['red', 'yellow'] as const) {
    const worst = findings.find((each) => each.level === level && each.next !== undefined);
    if (worst?.next !== undefined) return { level, text: worst.text, next: worst.next };
  }
  return { level: 'green', text: 'all is well', next: 'Go on, for example with: upyw repl' };
}
