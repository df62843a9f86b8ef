import { UpywError } from '../errors.js';
import { type Location, below } from '../net/location.js';
import type { FetchedFile } from './fetch-files.js';
import { checkedPath } from './package-json.js';
import type { ResolvedPackage } from './resolve.js';
import type { PackageForm } from './shelf.js';

/** Beside the config whose `packages:` it is for. */
export const lockName = 'upyw.lock.json';

interface LockedFile {
  readonly path: string;
  readonly sha256: string;
  /** Where it is, unless the index has it by its hash. */
  readonly url?: string;
  readonly hash?: string;
}

interface LockedPackage {
  readonly name: string;
  readonly spec: string;
  readonly version?: string;
  readonly from: string;
  readonly asked: boolean;
  readonly needs: readonly string[];
  readonly files: readonly LockedFile[];
}

/** Which files of which packages a project has, to the byte. */
export interface Lock {
  readonly lockVersion: 1;
  /** Bytecode of that version, or `py` for sources, which all boards take. */
  readonly form: PackageForm;
  readonly packages: readonly LockedPackage[];
}

/** Throws `mip/lock-unreadable`. */
export function parseLock(text: string, lock: string): Lock {
  const fail = (problem: string, cause?: unknown) =>
    new UpywError('mip/lock-unreadable', { lock, problem }, { cause });
  let content: Partial<Lock>;
  try {
    content = JSON.parse(text) as Partial<Lock>;
  } catch (error) {
    throw fail('it is not JSON', error);
  }
  const { lockVersion, form, packages } = content;
  if (lockVersion !== 1) throw fail('it is of another version of upyw');
  if ((form !== '6' && form !== 'py') || !Array.isArray(packages)) throw fail('it is not what upyw writes');
  try {
    for (const { name, spec, from, files } of packages as LockedPackage[]) {
      if (![name, spec, from].every((each) => typeof each === 'string')) throw fail('a package has no name');
      for (const { path, sha256 } of files) {
        checkedPath(path, lock);
        if (!/^[0-9a-f]{64}$/.test(sha256)) throw fail(`${path} has no SHA-256`);
      }
    }
  } catch (error) {
    throw error instanceof UpywError ? error : fail('it is not what upyw writes', error);
  }
  return content as Lock;
}

export function lockText(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** What was found, as it can be had again byte for byte. */
export function makeLock(
  packages: readonly ResolvedPackage[],
  fetched: readonly FetchedFile[],
  form: PackageForm,
): Lock {
  const digests = new Map(fetched.map((file) => [`${file.package}\n${file.path}`, file.sha256]));
  const locked = packages.map(({ key, spec, version, from, isAsked, needs, files }) => ({
    ...{
      name: key,
      spec,
      ...(version === undefined ? {} : { version }),
      from: textOf(from),
      asked: isAsked,
      needs,
    },
    files: files.flatMap(({ path, from: place, sha256: hash }) => {
      const sha256 = digests.get(`${key}\n${path}`);
      if (sha256 === undefined) return [];
      return [{ path, sha256, ...(hash === undefined ? { url: textOf(place) } : { hash }) }];
    }),
  }));
  return {
    lockVersion: 1,
    form,
    packages: locked.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/** Throws `mip/lock-differs` where the config asks for other packages than the lock has. */
export function requireFit({ packages }: Lock, specs: readonly string[], lock: string): void {
  const locked = new Set(packages.filter(({ asked }) => asked).map(({ spec }) => spec));
  const missing = specs.filter((spec) => !locked.has(spec));
  const surplus = [...locked].filter((spec) => !specs.includes(spec));
  if (missing.length + surplus.length > 0)
    throw new UpywError('mip/lock-differs', { lock, missing, surplus });
}

/** The packages of a lock, with the whole hash of each file. */
export function lockedPackages({ packages }: Lock, index: Location): ResolvedPackage[] {
  return packages.map(({ name, spec, version, from, asked, needs, files }) => ({
    ...{ key: name, spec, version, from: placeOf(from), isAsked: asked, needs },
    files: files.map(({ path, sha256, url, hash }) => ({
      path,
      sha256,
      from:
        url === undefined
          ? below(index, `file/${(hash ?? sha256).slice(0, 2)}/${hash ?? sha256}`)
          : placeOf(url),
    })),
  }));
}

function textOf(location: Location): string {
  return location.kind === 'web' ? location.url.href : location.path;
}

function placeOf(text: string): Location {
  return /^https?:\/\//.test(text) ? { kind: 'web', url: new URL(text) } : { kind: 'folder', path: text };
}
