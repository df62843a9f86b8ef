import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { writeLocalFile } from '../local/local-files.js';
import { makeFolders } from '../local/make-folders.js';
import { type FetchOptions, fetchFiles } from './fetch-files.js';
import { type IndexEntry, parseIndex } from './index-json.js';
import { type PackageJson, checkedPath } from './package-json.js';
import { type ResolvedPackage, resolvePackages } from './resolve.js';
import type { NetShelf, PackageForm } from './shelf.js';
import { type PackageSpec, isPackageName } from './spec.js';

/** What a mirror of an index got. */
export interface Mirrored {
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly files: number;
  readonly sizeBytes: number;
}

/** Shelves of the same index, by the form that they look for. */
export type Shelves = Readonly<Record<PackageForm, NetShelf>>;

/**
 * Copies packages of the index, and what they need, to a folder that serves as an index itself: on a USB stick, or on a server of files. What is
 * there already stays. Throws `net/…`, `file/…`, `mip/…`.
 */
export async function mirrorPackages(
  specs: readonly PackageSpec[],
  folder: string,
  shelves: Shelves,
  options: FetchOptions,
): Promise<Mirrored> {
  const found = new Map<string, { name: string; version: string }>();
  let files = 0;
  let sizeBytes = 0;
  const documents: { path: string; text: string }[] = [];
  for (const form of ['6', 'py'] as const) {
    const { packages } = await resolvePackages(specs, shelves[form]);
    for (const resolved of packages) {
      // What a package needs may be an address: it is in no index, and would lead out of the folder.
      if (!isPackageName(resolved.key))
        throw new UpywError('mip/bad-spec', {
          spec: resolved.key,
          reason: 'a mirror has packages of the index, and this one is needed by one of them',
        });
      const { json } = await shelves[form].inIndex(resolved.key, versionOf(resolved));
      for (const name of new Set([json.version ?? 'latest', 'latest', versionOf(resolved) ?? 'latest']))
        documents.push({ path: `package/${form}/${resolved.key}/${name}.json`, text: packageText(json) });
      found.set(resolved.key, { name: resolved.key, version: json.version ?? '' });
    }
    for (const file of await fetchFiles(packages.map(withHashes), options)) {
      await put(folder, `file/${file.path}`, file.bytes);
      files += 1;
      sizeBytes += file.bytes.length;
    }
  }
  for (const { path, text } of documents) await put(folder, path, new TextEncoder().encode(text));
  const all = await shelves.py.entries().catch(() => []);
  await put(folder, 'index.json', new TextEncoder().encode(await indexText(folder, found, all)));
  return { packages: [...found.values()], files, sizeBytes };
}

function versionOf({ spec }: ResolvedPackage): string | undefined {
  return spec.split('@')[1];
}

/** By their hashes, as an index has its files; those with an address of their own stay where they are. */
function withHashes(resolved: ResolvedPackage): ResolvedPackage {
  return {
    ...resolved,
    files: resolved.files.flatMap((file) =>
      file.sha256 === undefined ? [] : [{ ...file, path: `${file.sha256.slice(0, 2)}/${file.sha256}` }],
    ),
  };
}

function packageText({ version, hashes, urls, deps }: PackageJson): string {
  const needed = deps.map(([name, wanted]) => [name, wanted ?? 'latest']);
  return JSON.stringify({ v: 1, version, hashes, urls, deps: needed });
}

/** The index of the mirror: what it had, and what came. */
async function indexText(
  folder: string,
  found: ReadonlyMap<string, { readonly name: string; readonly version: string }>,
  all: readonly IndexEntry[],
): Promise<string> {
  const path = join(folder, 'index.json');
  const before = await readFile(path, 'utf8').then(
    (text) => parseIndex(text, path),
    () => [],
  );
  const entries = new Map<string, Partial<IndexEntry>>(before.map((entry) => [entry.name, entry]));
  for (const [name, { version }] of found) {
    const known = all.find((entry) => entry.name === name);
    entries.set(name, { ...known, name, version, versions: { py: [version], 6: [version] } });
  }
  return JSON.stringify({ v: 1, updated: Math.floor(Date.now() / 1000), packages: [...entries.values()] });
}

async function put(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const target = join(folder, ...checkedPath(path, folder).split('/'));
  try {
    makeFolders(join(target, '..'));
  } catch (error) {
    throw localError(error, target);
  }
  await writeLocalFile(target, bytes);
}
