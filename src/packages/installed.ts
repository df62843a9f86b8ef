import { UpywError } from '../errors.js';

/** A file that was installed. */
export interface InstalledFile {
  /** Below the target. */
  readonly path: string;
  readonly sha256: string;
}

export interface InstalledPackage {
  /** Its name in an index, or its address. */
  readonly name: string;
  /** As it was asked for. */
  readonly spec: string;
  readonly version?: string | undefined;
  /** Where it came from. */
  readonly from: string;
  /** Whether somebody asked for it. */
  readonly asked: boolean;
  readonly needs: readonly string[];
  readonly files: readonly InstalledFile[];
}

/** What upyw has installed in a folder for libraries, as it is kept there. */
export interface Installed {
  readonly packages: readonly InstalledPackage[];
}

/** Throws `mip/state-unreadable`. */
export function parseInstalled(text: string | undefined, path: string): Installed {
  if (text === undefined) return { packages: [] };
  try {
    const { packages } = JSON.parse(text) as { packages: unknown };
    if (!Array.isArray(packages) || !packages.every(isPackage)) throw new SyntaxError('no packages');
    return { packages };
  } catch (cause) {
    throw new UpywError('mip/state-unreadable', { path }, { cause });
  }
}

function isPackage(value: unknown): value is InstalledPackage {
  const { name, spec, from, asked, needs, files } = (value ?? {}) as Record<string, unknown>;
  return (
    [name, spec, from].every((each) => typeof each === 'string') &&
    typeof asked === 'boolean' &&
    Array.isArray(needs) &&
    needs.every((each) => typeof each === 'string') &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function isFile(value: unknown): boolean {
  const { path, sha256 } = (value ?? {}) as Record<string, unknown>;
  return typeof path === 'string' && typeof sha256 === 'string' && !path.split('/').includes('..');
}

/** As it is kept. `removed`: whole paths of what goes when the files of these packages get their places. */
export function installedText(installed: Installed, removed: readonly string[] = []): string {
  const packages = sortedPackages(installed);
  return `${JSON.stringify(removed.length === 0 ? { packages } : { packages, removed })}\n`;
}

function sortedPackages({ packages }: Installed): InstalledPackage[] {
  return packages.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The paths of all files below the target, in the order in which the kept text has them. */
export function pathsBelow(installed: Installed): string[] {
  return sortedPackages(installed).flatMap(({ files }) => files.map(({ path }) => path));
}

/** With packages in place of those of their names. What was asked for once stays so. */
export function withPackages({ packages }: Installed, added: readonly InstalledPackage[]): Installed {
  const before = new Map(packages.map((each) => [each.name, each]));
  const after = new Map(before);
  for (const each of added)
    after.set(each.name, { ...each, asked: each.asked || before.get(each.name)?.asked === true });
  return { packages: [...after.values()] };
}

/** Names that these need, directly or not, themselves included. */
function reachable({ packages }: Installed, from: readonly string[]): Set<string> {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const seen = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(byName.get(name)?.needs ?? []));
  }
  return seen;
}

/** Who needs it, of those that stay. */
export function neededBy({ packages }: Installed, name: string, leaving: ReadonlySet<string>): string[] {
  return packages
    .filter((each) => each.name !== name && !leaving.has(each.name) && each.needs.includes(name))
    .map((each) => each.name);
}

/** Without these, and without what was there for them alone. */
export function withoutPackages(installed: Installed, names: ReadonlySet<string>): Installed {
  const staying = installed.packages.filter(({ name }) => !names.has(name));
  const asked = staying.filter((each) => each.asked).map(({ name }) => name);
  const wanted = reachable({ packages: staying }, asked);
  return { packages: staying.filter(({ name }) => wanted.has(name)) };
}
