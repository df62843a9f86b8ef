import { UpywError } from '../errors.js';
import { lockParts, lockText } from '../local/lock-parts.js';
import { type Location, below } from '../net/location.js';
import type { FetchedFile } from './fetch-files.js';
import { checkedPath } from './package-json.js';
import type { ResolvedPackage } from './resolve.js';
import type { PackageForm } from './shelf.js';
import { isRef } from './spec.js';

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

/** Which files of which packages a project has, to the byte: `packages` of the lock file, which has the firmware besides. */
export interface Lock {
  /** Bytecode of that version, or `py` for sources, which all boards take. */
  readonly form: PackageForm;
  readonly list: readonly LockedPackage[];
}

/** Undefined where it holds no packages. Throws `mip/lock-unreadable`. */
export function parseLock(text: string, lock: string): Lock | undefined {
  const fail = (problem: string, cause?: unknown) =>
    new UpywError('mip/lock-unreadable', { lock, problem }, { cause });
  const { packages } = wholeLock(text, lock);
  if (packages === undefined) return undefined;
  const { form, list } = packages as Partial<Lock>;
  if ((form !== '6' && form !== 'py') || !Array.isArray(list))
    throw fail('its packages are not what upyw writes');
  try {
    for (const { name, spec, version = '', from, files } of list as LockedPackage[]) {
      if (![name, spec, from].every((each) => typeof each === 'string')) throw fail('a package has no name');
      if (!isPlace(from)) throw fail(`${name} is from ${from}, which is no address`);
      if (!isRef(version)) throw fail(`${name} has a version that cannot be one`);
      for (const { path, sha256, url, hash = sha256 } of files) {
        checkedPath(path, lock);
        if (!/^[0-9a-f]{64}$/.test(sha256)) throw fail(`${path} has no SHA-256`);
        // It becomes part of a path.
        if (!/^[0-9a-f]{8,64}$/.test(hash)) throw fail(`${path} has no hash that could be one`);
        if (url !== undefined && !isPlace(url)) throw fail(`${path} is from ${url}, which is no address`);
      }
    }
  } catch (error) {
    throw error instanceof UpywError ? error : fail('its packages are not what upyw writes', error);
  }
  return { form, list: list as LockedPackage[] };
}

function wholeLock(text: string, lock: string): Readonly<Record<string, unknown>> {
  return lockParts(text, (cause) => {
    const problem = cause === undefined ? 'it holds no object' : 'it is not JSON';
    return new UpywError('mip/lock-unreadable', { lock, problem }, { cause });
  });
}

/** The file with these packages; what else is in it stays. Throws `mip/lock-unreadable`. */
export function lockWith(before: string | undefined, packages: Lock, lock: string): string {
  const whole = before === undefined ? {} : wholeLock(before, lock);
  return lockText({ ...whole, packages });
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
  return { form, list: locked.toSorted((left, right) => (left.name < right.name ? -1 : 1)) };
}

/** Throws `mip/lock-differs` where the config asks for other packages than the lock has. */
export function requireFit({ list }: Lock, specs: readonly string[], lock: string): void {
  const locked = new Set(list.filter(({ asked }) => asked).map(({ spec }) => spec));
  const missing = specs.filter((spec) => !locked.has(spec));
  const surplus = [...locked].filter((spec) => !specs.includes(spec));
  if (missing.length + surplus.length > 0)
    throw new UpywError('mip/lock-differs', { lock, missing, surplus });
}

/** The packages of a lock, with the whole hash of each file. */
export function lockedPackages({ list }: Lock, index: Location): ResolvedPackage[] {
  return list.map(({ name, spec, version, from, asked, needs, files }) => ({
    ...{ key: name, spec, version, from: placeOf(from), isAsked: asked, needs },
    files: files.map(({ path, sha256, url, hash = sha256 }) => ({
      ...{ path, sha256, keptAs: hash },
      from: url === undefined ? below(index, `file/${hash.slice(0, 2)}/${hash}`) : placeOf(url),
    })),
  }));
}

function textOf(location: Location): string {
  return location.kind === 'web' ? location.url.href : location.path;
}

const isWeb = (text: string) => /^https?:\/\//.test(text);

function isPlace(text: string): boolean {
  return typeof text === 'string' && (!isWeb(text) || URL.canParse(text));
}

function placeOf(text: string): Location {
  return isWeb(text) ? { kind: 'web', url: new URL(text) } : { kind: 'folder', path: text };
}
