import { basename, join } from 'node:path';
import { UpywError } from '../errors.js';
import { type Location, shownLocation } from '../net/location.js';
import { shownAddress } from '../shown-address.js';
import { type PackageJson, checkedPath, requireOneKind } from './package-json.js';
import { type PackageSpec, isAddress, packageKey, specText, webAddress } from './spec.js';

/** A file of a package, and where it is to be had. */
export interface PackageFile {
  /** Below the target, with `/`. */
  readonly path: string;
  readonly from: Location;
  /** The first digits of its SHA-256, or all of them. */
  readonly sha256?: string;
  /** Under which hash the cache has it, where that is a shorter one. */
  readonly keptAs?: string;
}

/** A package as it will be installed. */
export interface ResolvedPackage {
  /** Its name in an index, or its address. */
  readonly key: string;
  /** As it can be asked for again. */
  readonly spec: string;
  readonly version: string | undefined;
  /** Where its `package.json`, or its one file, is. */
  readonly from: Location;
  readonly files: readonly PackageFile[];
  /** The keys of those that it needs. */
  readonly needs: readonly string[];
  /** Whether somebody asked for it; the others are needed by one that was asked for. */
  readonly isAsked: boolean;
}

/** Where packages are looked up. */
export interface Shelf {
  /** The `package.json` of a name in the index, and where it was found. */
  inIndex(
    name: string,
    version: string | undefined,
  ): Promise<{ readonly from: Location; readonly json: PackageJson }>;
  /** A file of the index by its hash. */
  byHash(hash: string): Location;
  readPackage(from: Location): Promise<PackageJson>;
  /** `folder`: there is one of that name on this computer. */
  localKind(path: string): Promise<'file' | 'folder' | undefined>;
  localPath(path: string): string;
  /** Whether a path of this computer is below a folder, with all links followed. */
  isBelow(path: string, folder: string): Promise<boolean>;
}

/** What was found: packages, and the files of all in the order in which they are put in place. */
export interface Resolution {
  readonly packages: readonly ResolvedPackage[];
}

/** More than any library needs: a server that names one more each time would never end. */
const mostNeeded = 200;

/**
 * What is asked for and what that needs. As mpremote does it: a package's own files, then those of what it needs, one after the other; of
 * two for one path the later one counts. What was met already is not looked up again, so a circle ends. Throws `mip/…`, `net/…`.
 */
export async function resolvePackages(specs: readonly PackageSpec[], shelf: Shelf): Promise<Resolution> {
  const found = new Map<string, Promise<LookedUp>>();
  const lookUpOnce = (spec: PackageSpec): Promise<LookedUp> => {
    const text = specText(spec);
    const looked = found.get(text) ?? lookUp(spec, shelf);
    found.set(text, looked);
    return looked;
  };
  await foresee(specs, lookUpOnce);
  const packages: ResolvedPackage[] = [];
  const visited = new Set<string>();
  const visit = async (spec: PackageSpec, isAsked: boolean): Promise<void> => {
    const text = specText(spec);
    if (visited.has(text)) return;
    visited.add(text);
    const { needed, ...resolved } = await lookUpOnce(spec);
    packages.push({ ...resolved, isAsked });
    for (const each of needed) await visit(each, false);
  };
  for (const spec of specs) await visit(spec, true);
  requireOneKind(
    packages.flatMap(({ files }) => files.map(({ path }) => path)),
    (path) => bothKinds(path, packages),
  );
  return { packages };
}

function bothKinds(path: string, packages: readonly ResolvedPackage[]): UpywError {
  const owner = packages.find(({ files }) => files.some((file) => file.path === path));
  const from = owner === undefined ? path : shownLocation(owner.from);
  return new UpywError('mip/bad-path', { from, path });
}

interface LookedUp extends Omit<ResolvedPackage, 'isAsked'> {
  readonly needed: readonly PackageSpec[];
}

/** Looks all of them up side by side, level by level: in their order they would be one request after the other. */
async function foresee(
  specs: readonly PackageSpec[],
  lookUpOnce: (spec: PackageSpec) => Promise<LookedUp>,
): Promise<void> {
  const seen = new Set<string>();
  let level = specs;
  while (level.length > 0) {
    const fresh = level.filter((spec) => !seen.has(specText(spec)));
    for (const spec of fresh) seen.add(specText(spec));
    if (seen.size > specs.length + mostNeeded) {
      const from = fresh.map((spec) => shownAddress(specText(spec)))[0] ?? '';
      throw new UpywError('mip/bad-package', {
        from,
        problem: `more than ${mostNeeded} packages lead to it`,
      });
    }
    const looked = await Promise.all(fresh.map(lookUpOnce));
    level = looked.flatMap(({ needed }) => needed);
  }
}

async function lookUp(spec: PackageSpec, shelf: Shelf): Promise<LookedUp> {
  if (spec.kind === 'index') {
    const { from, json } = await shelf.inIndex(spec.name, spec.version);
    return described(spec, from, json, { shelf, base: undefined, ref: spec.version });
  }
  if (spec.kind === 'local') return lookUpLocal(spec, shelf);
  const { address, ref } = spec;
  if (/\.m?py$/.test(address)) return singleFile(spec, webLocation(address, ref));
  const package_ = address.endsWith('.json') ? address : `${address.replace(/\/+$/, '')}/package.json`;
  const from = webLocation(package_, ref);
  const base = package_.slice(0, package_.lastIndexOf('/'));
  return described(spec, from, await shelf.readPackage(from), { shelf, base, ref });
}

async function lookUpLocal(spec: Extract<PackageSpec, { kind: 'local' }>, shelf: Shelf): Promise<LookedUp> {
  const path = shelf.localPath(spec.path);
  if (/\.m?py$/.test(path)) return singleFile(spec, { kind: 'folder', path });
  const isFolder = (await shelf.localKind(path)) === 'folder';
  const from: Location = { kind: 'folder', path: isFolder ? join(path, 'package.json') : path };
  const base = isFolder ? path : join(path, '..');
  const found = described(spec, from, await shelf.readPackage(from), {
    ...{ shelf, base, ref: undefined, isLocal: true },
  });
  for (const file of found.files)
    if (file.from.kind === 'folder' && !(await shelf.isBelow(file.from.path, base)))
      throw badPackage(from, `${file.path} would be a file from outside of its folder: ${file.from.path}`);
  return found;
}

function badPackage(from: Location, problem: string): UpywError {
  return new UpywError('mip/bad-package', { from: shownLocation(from), problem });
}

function singleFile(spec: PackageSpec, from: Location): LookedUp {
  const name = from.kind === 'web' ? decodedName(from.url) : basename(from.path);
  const path = checkedPath(name, shownLocation(from));
  // A slash that was written as %2F.
  if (path.includes('/')) throw new UpywError('mip/bad-path', { from: shownLocation(from), path });
  return {
    ...{ key: packageKey(spec), spec: specText(spec), version: undefined, from },
    ...{ files: [{ path, from }], needs: [], needed: [] },
  };
}

function decodedName(url: URL): string {
  try {
    return decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
  } catch (cause) {
    const reason = 'its name cannot be read: there is a % in it that is no part of a character';
    throw new UpywError('mip/bad-spec', { spec: shownAddress(url.href), reason }, { cause });
  }
}

interface Surroundings {
  readonly shelf: Shelf;
  /** Where relative addresses begin. */
  readonly base: string | undefined;
  readonly ref: string | undefined;
  readonly isLocal?: boolean;
}

function described(
  spec: PackageSpec,
  from: Location,
  json: PackageJson,
  { shelf, base, ref, isLocal = false }: Surroundings,
): LookedUp {
  const place = (url: string): Location => {
    if (isLocal && base !== undefined && !isAddress(url))
      return { kind: 'folder', path: join(base, ...url.split('/')) };
    const address = isAddress(url) || base === undefined ? url : `${base}/${url}`;
    if (!URL.canParse(webAddress(address, ref))) throw badPackage(from, `${shownAddress(url)} is no address`);
    return webLocation(address, ref);
  };
  const needed = json.deps.map(([name, version]) => dependency(name, version));
  return {
    key: packageKey(spec),
    spec: specText(spec),
    version: json.version ?? ref,
    from,
    files: [
      ...json.hashes.map(([path, sha256]) => ({ path, from: shelf.byHash(sha256), sha256 })),
      ...json.urls.map(([path, url]) => ({ path, from: place(url) })),
    ],
    needs: needed.map(packageKey),
    needed,
  };
}

/** In a package.json the version stands beside the name; `latest` is what is meant without one. */
function dependency(name: string, version: string | undefined): PackageSpec {
  const wanted = version === 'latest' ? undefined : version;
  if (isAddress(name)) return { kind: 'address', address: name, ref: wanted };
  return { kind: 'index', name, version: wanted };
}

function webLocation(address: string, ref: string | undefined): Location {
  try {
    return { kind: 'web', url: new URL(webAddress(address, ref)) };
  } catch (cause) {
    throw new UpywError(
      'mip/bad-spec',
      { spec: shownAddress(address), reason: 'it is no address' },
      { cause },
    );
  }
}
