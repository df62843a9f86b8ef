import { readFile } from 'node:fs/promises';
import { Document, isMap, parseDocument } from 'yaml';
import { UpywError } from '../errors.js';
import { errorCode, localError } from '../errors/local-error.js';
import { writeLocalFile } from '../local/local-files.js';
import type { DeviceKey } from './keys.js';

const privateMode = 0o600;
const heading = ' For your eyes only: keep this file out of git.';

/** The setting that a key is written to, below a board's name: `api_key` of the board's config.py. */
const place = ['extra', 'api_key'] as const;

/** Writes each key where `upyw provision` finds it, in the file for secrets; all else in it stays as it is. Throws `file/…`, `config/unreadable`. */
export async function saveKeys(path: string, keys: readonly DeviceKey[]): Promise<void> {
  if (path.endsWith('.json')) {
    const reason = 'upyw keys writes into YAML only, where comments are kept';
    throw new UpywError('config/unreadable', { source: path, reason });
  }
  const document = await readOrMake(path);
  for (const { name, key } of keys) document.setIn(['boards', name, ...place], key);
  await writeLocalFile(path, new TextEncoder().encode(document.toString({ lineWidth: 0 })), {
    mode: privateMode,
  });
}

async function readOrMake(path: string): Promise<Document> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw localError(error, path);
  });
  const document = text === undefined ? new Document({}) : parseDocument(text.replace(/^\uFEFF/, ''));
  if (text === undefined) document.commentBefore = heading;
  if (!isMap(document.contents)) document.contents = document.createNode({});
  openSections(document);
  return document;
}

/** A section whose lines are all comments has no value to add to. */
function openSections(document: Document): void {
  if (document.has('boards') && !isMap(document.get('boards', true))) document.delete('boards');
}

/** The key that a board has there. */
export function savedKey(secrets: Readonly<Record<string, unknown>> | undefined): string | undefined {
  let found: unknown = secrets;
  for (const part of place) {
    found =
      typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[part] : undefined;
  }
  return typeof found === 'string' ? found : undefined;
}
