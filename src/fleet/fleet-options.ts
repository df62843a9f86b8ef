import type { GlobalFlags } from '../context.js';
import { UpywError } from '../errors.js';
import { everyBoard } from '../transport/many-ports.js';

/** How many boards are worked on, and how. */
export interface FleetOptions {
  /** Names of ports, as typed. */
  readonly ports: readonly string[];
  /** So many boards at a time; all unless told. */
  readonly jobs?: number | undefined;
  readonly report?: string | undefined;
  /** A report of an earlier run: only what failed then. */
  readonly retryFailed?: string | undefined;
  /** Goes on with what is plugged in next. */
  readonly watch?: boolean | undefined;
  /** A board that was done is done again when it comes back. */
  readonly again?: boolean | undefined;
}

/** Far more than a computer has ports. */
const mostJobs = 1000;

/** What a command line asks for of many boards. Throws `usage/…`. */
export function fleetOptions({ ports, fleet }: Pick<GlobalFlags, 'ports' | 'fleet'>): FleetOptions {
  const { jobs, report, retryFailed, watch = false, again = false } = fleet;
  if (again && !watch) throw mistake('--again goes with --watch');
  if (retryFailed !== undefined && ports.length > 0)
    throw mistake('--retry-failed takes the boards from its file, and -p names others');
  return {
    ports: ports.length === 0 ? [everyBoard] : ports,
    jobs: jobs === undefined ? undefined : parseJobs(jobs),
    report,
    retryFailed,
    watch,
    again,
  };
}

function mistake(problem: string): UpywError {
  return new UpywError('usage/arguments', { problem, command: 'upyw' });
}

function parseJobs(text: string): number {
  const jobs = /^\d+$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= mostJobs) return jobs;
  const expected = `a whole number from 1 to ${mostJobs}`;
  throw new UpywError('usage/bad-value', { name: '--jobs', value: text, expected });
}
