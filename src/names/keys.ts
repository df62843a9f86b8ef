import { createHash, randomBytes } from 'node:crypto';

/** A device of the workshop, and the key by which its web service knows it. */
export interface DeviceKey {
  readonly name: string;
  readonly key: string;
}

/** 128 bits, as long as an MD5. */
const keyBytes = 16;

/** As the workshop computes it: the MD5 of the name in UTF-8, in hexadecimal. Anybody who knows the name can. */
export function nameHash(name: string): string {
  return createHash('md5').update(name, 'utf8').digest('hex');
}

/** A key that nobody can guess. */
export function randomKey(): string {
  return randomBytes(keyBytes).toString('hex');
}

/** What json-server serves, added to what it served before: the workshop's boards ask for `/posts/device01`. */
export function databaseText(keys: readonly DeviceKey[], before: object): string {
  const { posts } = before as { posts?: unknown };
  const known = Array.isArray(posts) ? (posts as unknown[]) : [];
  const added = keys.filter(({ name }) => !known.some((post) => idOf(post) === name));
  const kept = known.map((post) => {
    const key = keys.find(({ name }) => name === idOf(post))?.key;
    return key === undefined ? post : { ...(post as object), key };
  });
  const all = [...kept, ...added.map(({ name, key }) => ({ id: name, key }))];
  return `${JSON.stringify({ ...before, posts: all }, null, 2)}\n`;
}

function idOf(post: unknown): unknown {
  return typeof post === 'object' && post !== null ? (post as { id?: unknown }).id : undefined;
}
