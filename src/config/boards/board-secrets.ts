import { UpywError } from '../../errors.js';
import type { ConfigFile } from '../find-files.js';

/** What the file for secrets has under `boards` for one of them. Throws `config/invalid`. */
export function boardSecrets(
  { path, content }: ConfigFile,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const boards = objectAt(path, 'boards', content['boards']);
  return boards && objectAt(path, `boards.${name}`, boards[name]);
}

function objectAt(
  source: string,
  key: string,
  value: unknown,
): Readonly<Record<string, unknown>> | undefined {
  // In YAML, a section whose lines are all comments.
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  const problem = 'should be an object with the names of boards, and below each its settings';
  throw new UpywError('config/invalid', { source, key, problem });
}
