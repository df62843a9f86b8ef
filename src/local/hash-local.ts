import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { localError } from '../errors/local-error.js';

/** What a file of this computer holds. */
export interface LocalHash {
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** One after the other, so that few files are open at a time. Throws `file/…`. */
export async function hashLocalFiles(
  files: readonly { readonly local: string; readonly content?: Uint8Array }[],
): Promise<LocalHash[]> {
  const hashes: LocalHash[] = [];
  for (const { local, content } of files) {
    hashes.push(content === undefined ? await hashLocalFile(local) : hashBytes(content));
  }
  return hashes;
}

/** What is in memory already. */
export function hashBytes(bytes: Uint8Array): LocalHash {
  return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Up to this size a file is read in one go, which takes a fraction of the time. */
const smallBytes = 1_000_000;

/** Size and SHA-256 of a file of this computer, of whatever size. Throws `file/…`. */
export async function hashLocalFile(path: string): Promise<LocalHash> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    const { size } = await stat(path);
    const chunks = size <= smallBytes ? [await readFile(path)] : createReadStream(path);
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    throw localError(error, path);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
