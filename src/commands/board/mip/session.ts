import type { Context } from '../../../context.js';
import { type Location, parseLocation } from '../../../net/location.js';
import { type Net, openNet } from '../../../net/net.js';
import { NetShelf, type PackageForm } from '../../../packages/shelf.js';
import { shownAddress } from '../../../shown-address.js';

/** Flags of all that look at an index. */
export interface IndexFlags {
  readonly index?: string;
}

/** What a command has of packages: the index in force, and the way to it. */
export interface PackageSession {
  readonly net: Net;
  readonly index: Location;
  shelf(form: PackageForm, maxAgeMs?: number): NetShelf;
  /** Tells once that something is an old one. */
  readonly onOld: (what: string, fetchedAtMs: number) => void;
}

/** So long a document counts as new. */
const usualAgeMs = 10 * 60_000;

/** Hands over the way to packages, and closes it whatever happens. */
export async function withPackageNet<Result>(
  context: Context,
  flags: IndexFlags,
  use: (session: PackageSession) => Promise<Result>,
): Promise<Result> {
  const { world, reporter } = context;
  const { values } = await context.loadSettings(
    flags.index === undefined ? undefined : { 'mip.index': flags.index },
  );
  const index = parseLocation(values['mip.index'], { cwd: world.cwd, name: 'mip.index' });
  const net = openNet(world);
  const told = new Set<string>();
  const onOld = (what: string, fetchedAtMs: number) => {
    const day = new Date(fetchedAtMs).toISOString().slice(0, 10);
    if (told.has(day)) return;
    told.add(day);
    reporter.warn(`no network: what was downloaded on ${day} is taken, such as ${shownAddress(what)}`);
  };
  const shelf = (form: PackageForm, maxAgeMs = usualAgeMs) =>
    new NetShelf({ net, index, form, cwd: world.cwd, maxAgeMs, onOld });
  try {
    return await use({ net, index, shelf, onOld });
  } finally {
    await net.close();
  }
}
