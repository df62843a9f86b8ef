import { createHash } from 'node:crypto';
import type { Answer } from './web-server.js';

/** A package as its author would describe it. Contents are by path. */
export interface PackageSource {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Other contents as bytecode; without them those of `files`, under names that end in .mpy. */
  readonly bytecode?: Readonly<Record<string, Uint8Array>>;
  readonly deps?: readonly (readonly [name: string, version: string])[];
  /** Older ones, that can be had by their number. */
  readonly older?: readonly PackageSource[];
}

/** What a server of files has: bytes by path, without a slash in front. */
export type ServedFiles = Map<string, Uint8Array>;

const shortHashDigits = 8;

const bytesOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** An index in the form of https://micropython.org/pi/v2. */
export function packageIndex(packages: readonly PackageSource[], prefix = 'pi/v2/'): ServedFiles {
  const served: ServedFiles = new Map();
  const put = (path: string, content: unknown) =>
    served.set(prefix + path, bytesOf(typeof content === 'string' ? content : JSON.stringify(content)));
  const describe = (source: PackageSource, form: 'py' | '6') => {
    const contents = form === '6' ? (source.bytecode ?? source.files ?? {}) : (source.files ?? {});
    const hashes = Object.entries(contents).map(([path, content]) => {
      const bytes = bytesOf(content);
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, shortHashDigits);
      served.set(`${prefix}file/${hash.slice(0, 2)}/${hash}`, bytes);
      return [path, hash];
    });
    return { v: 1, version: source.version, hashes, urls: [], deps: source.deps ?? [] };
  };
  for (const newest of packages) {
    for (const source of [newest, ...(newest.older ?? [])]) {
      for (const form of ['py', '6'] as const) {
        put(`package/${form}/${newest.name}/${source.version}.json`, describe(source, form));
        if (source === newest) put(`package/${form}/${newest.name}/latest.json`, describe(source, form));
      }
    }
  }
  put('index.json', {
    v: 1,
    updated: 1,
    packages: packages.map(({ name, version, description = '', older = [] }) => {
      const versions = [...older.map((each) => each.version), version];
      return {
        name,
        version,
        description,
        author: '',
        license: 'MIT',
        versions: { py: versions, 6: versions },
      };
    }),
  });
  return served;
}

/** A server of files, as GitHub's and the index's are; what is not there is 404. */
export function serveFiles(files: ServedFiles): Answer {
  return (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname).slice(1);
    const content = files.get(path);
    if (content === undefined)
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
    else response.writeHead(200, { 'content-length': content.length }).end(content);
  };
}
