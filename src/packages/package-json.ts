import { UpywError } from '../errors.js';
import { isAddress, isPackageName, isRef } from './spec.js';

/** What a `package.json` says: https://docs.micropython.org/en/latest/reference/packages.html */
export interface PackageJson {
  readonly version: string | undefined;
  /** Path below the target, and the first digits of its SHA-256, by which the index has it. */
  readonly hashes: readonly (readonly [path: string, hash: string])[];
  /** Path below the target, and an address. */
  readonly urls: readonly (readonly [path: string, url: string])[];
  readonly deps: readonly (readonly [name: string, version: string | undefined])[];
}

/** More than any library of a board has. */
const mostEntries = 2_000;
const longestPathBytes = 200;
const plainVersion = /^(?!\.+$)[\w.+-]{1,64}$/;
/** What leads elsewhere in a path, or changes a terminal. */
const unsafeInVersion = /[/\\\p{Cc}\p{Cs}]|^\.+$/u;

/** Throws `mip/bad-package` for what is none, `mip/bad-path` for a path that leads out of the target. */
export function parsePackage(text: string, from: string): PackageJson {
  const fail = (problem: string) => new UpywError('mip/bad-package', { from, problem });
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw fail('it is not JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw fail('it is no object');
  const { version, hashes, urls, deps } = content as Record<string, unknown>;
  if (hashes === undefined && urls === undefined && deps === undefined)
    throw fail('it names no files: there is no "urls", "hashes" or "deps" in it');
  const checked: PackageJson = {
    version: versionIn(version, fail),
    hashes: pairs(hashes, 'hashes', fail).map(([path, hash = '']) => {
      if (!/^[0-9a-f]{8,64}$/.test(hash)) throw fail(`${path} has no hash that could be one`);
      return [checkedPath(path, from), hash] as const;
    }),
    urls: pairs(urls, 'urls', fail).map(([path, url = '']) => {
      if (url === '') throw fail(`${path} has no address`);
      return [checkedPath(path, from), url] as const;
    }),
    deps: pairs(deps, 'deps', fail).map(([name, wanted]) => {
      // Both become part of an address.
      if (!isAddress(name) && !isPackageName(name))
        throw fail(`it needs ${name}, which is no name of a package`);
      if (!isRef(wanted ?? ''))
        throw fail(`it needs ${name} in a version that cannot be one: ${wanted ?? ''}`);
      return [name, wanted === '' ? undefined : wanted] as const;
    }),
  };
  const paths = [...checked.hashes, ...checked.urls].map(([path]) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw fail(`it has ${twice} twice`);
  requireOneKind(paths, (path) => fail(`${path} is a file and a folder in it`));
  return checked;
}

/** It becomes part of paths and of what upyw says. Words of an author that only cannot be a version (`1.0 beta`) count as none. */
function versionIn(value: unknown, fail: (problem: string) => UpywError): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (unsafeInVersion.test(value))
    throw fail(`its version cannot be one: ${value.slice(0, longestPathBytes)}`);
  return plainVersion.test(value) ? value : undefined;
}

/** No path may be below another one that is a file: a board would be left half done. */
export function requireOneKind(paths: readonly string[], fail: (path: string) => UpywError): void {
  const all = new Set(paths);
  for (const path of all)
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1))
      if (all.has(path.slice(0, end))) throw fail(path.slice(0, end));
}

function pairs(
  value: unknown,
  key: string,
  fail: (problem: string) => UpywError,
): (readonly [string, string | undefined])[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > mostEntries)
    throw fail(`its "${key}" is no list, or far too long`);
  return value.map((entry: unknown) => {
    const [first, second] = Array.isArray(entry) ? (entry as unknown[]) : [entry];
    if (typeof first !== 'string' || first === '' || (second !== undefined && typeof second !== 'string'))
      throw fail(`its "${key}" is no list of two names each`);
    return [first, second] as const;
  });
}

/** upyw's own files: what it has installed, and what waits. */
const ownFiles = '.upyw-';

/** A path below the target, and nothing else. */
export function checkedPath(path: string, from: string): string {
  const parts = path.split('/');
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !part.startsWith(ownFiles),
  );
  const isLong = new TextEncoder().encode(path).length > longestPathBytes;
  if (!isPlain || isLong || /[\\:\p{Cc}\p{Cs}]/u.test(path))
    throw new UpywError('mip/bad-path', { from, path: path.slice(0, longestPathBytes) });
  return path;
}
