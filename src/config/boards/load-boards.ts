import { UpywError } from '../../errors.js';
import { findConfigFile } from '../find-files.js';
import { nearest } from '../nearest.js';
import { nameKey, nameMistake } from './board-name.js';
import { isMac, macFrom } from './mac.js';

/** One file, not a `.json` too: people write in it, with comments, and so does `upyw name`. */
export const boardPlaces = ['upyw.boards.yaml', 'upyw.boards.yml'];

/** A board as the project knows it. */
export interface NamedBoard {
  readonly name: string;
  /** In upyw's own spelling. */
  readonly mac: string;
  /** Its place in the file, from 1, unless the entry says `index`. */
  readonly index: number;
  /** What overrides the project's settings, as it stands there. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The boards of a project, in the order of the file. */
export interface NamedBoards {
  /** Undefined: there is no such file. */
  readonly path: string | undefined;
  readonly boards: readonly NamedBoard[];
}

/**
 * Reads the names of the project's boards: `upyw.boards.yaml`, looked for as the project's settings are.
 * @throws UpywError `config/invalid`, `config/unreadable`
 */
export async function loadBoards(cwd: string): Promise<NamedBoards> {
  const file = await findConfigFile(cwd, boardPlaces, 'upwards');
  if (file === undefined) return { path: undefined, boards: [] };
  const boards = Object.entries(file.content).map(([name, entry], place) =>
    readEntry(file.path, name, entry, place + 1),
  );
  refuseDoubles(file.path, boards);
  return { path: file.path, boards };
}

function readEntry(source: string, name: string, entry: unknown, place: number): NamedBoard {
  const invalid = (key: string, problem: string) => new UpywError('config/invalid', { source, key, problem });
  const mistake = nameMistake(name);
  if (mistake !== undefined) throw invalid(name, `cannot name a board: ${mistake}`);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw invalid(name, 'should be an object with the mac of the board, and settings if it has some');
  }
  const { mac, index = place, ...settings } = entry as Record<string, unknown>;
  if (mac === undefined) throw invalid(name, 'has no mac: upyw chip shows it, and upyw name writes it');
  if (typeof mac !== 'string' || !isMac(mac)) throw invalid(`${name}.mac`, macMistake(mac));
  if (!Number.isSafeInteger(index) || (index as number) < 0)
    throw invalid(`${name}.index`, 'should be a whole number from 0 on');
  return { name, mac, index: index as number, settings };
}

function macMistake(given: unknown): string {
  const meant = typeof given === 'string' ? macFrom(given) : undefined;
  if (meant !== undefined) return `${JSON.stringify(given)} should be written ${meant}`;
  const shown = typeof given === 'string' || typeof given === 'number' ? JSON.stringify(given) : 'this';
  return `${shown} is no MAC address, which has the form 24:0a:12:f2:0c:34 (in quotes when it is all digits)`;
}

/** One board has one name, and one name is one board's. */
function refuseDoubles(source: string, boards: readonly NamedBoard[]): void {
  const macs = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { name, mac } of boards) {
    const other = macs.get(mac);
    if (other !== undefined) {
      const problem = `${mac} is the board ${other} already: one board has one name`;
      throw new UpywError('config/invalid', { source, key: `${name}.mac`, problem });
    }
    const same = names.get(nameKey(name));
    if (same !== undefined) {
      const problem = `differs from ${same} in capitals alone: each board needs a name of its own`;
      throw new UpywError('config/invalid', { source, key: name, problem });
    }
    macs.set(mac, name);
    names.set(nameKey(name), name);
  }
}

/** The board of that name. Throws `name/unknown`. */
export function boardNamed({ path, boards }: NamedBoards, name: string): NamedBoard {
  const found = boards.find((board) => nameKey(board.name) === nameKey(name));
  if (found !== undefined) return found;
  const known = boards.map((board) => board.name);
  const near = nearest(name, known);
  throw new UpywError('name/unknown', {
    name,
    known,
    ...(path === undefined ? {} : { path }),
    ...(near === undefined ? {} : { near }),
  });
}
