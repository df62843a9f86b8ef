import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { errorCode, localError } from '../errors/local-error.js';
import { writeLocalFile } from '../local/local-files.js';
import { type DeviceKey, databaseText } from './keys.js';

/** Whoever reads it can speak for every board. */
const privateMode = 0o600;

/** Writes what json-server serves. What is there already stays, the boards' own data too; only keys are added and replaced. Throws `file/…`, `config/unreadable`. */
export async function writeDatabase(path: string, keys: readonly DeviceKey[]): Promise<void> {
  const text = databaseText(keys, await readDatabase(path));
  await writeLocalFile(path, new TextEncoder().encode(text), { mode: privateMode });
}

async function readDatabase(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw localError(error, path);
  }
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found;
  } catch {
    // Told below, without what stands there.
  }
  throw new UpywError('config/unreadable', {
    source: path,
    reason: 'it is no JSON object, as json-server needs',
  });
}
