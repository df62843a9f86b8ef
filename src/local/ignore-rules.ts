import { join } from 'node:path';
import ignore from 'ignore';
import { projectPlaces } from '../config/places.js';
import { UpywError } from '../errors.js';
import { isOrdinaryFile, readLocalFile } from './local-files.js';
import type { FolderRules } from './read-folder.js';

/** Says what does not go to a board, in the words of a .gitignore; one in a folder is about that folder. */
export const ignoreFileName = '.upywignore';

/** What upyw keeps here: settings and secrets, backups, which hold the board's, and files that are being written. */
const ownFiles = [
  ...projectPlaces.filter((name) => name !== 'package.json'),
  // With what editors and people leave beside them: .upyw.secrets.yaml.swp, upyw.secrets.yaml.orig, upyw.secrets copy.yaml.
  ...['*upyw.secrets*', '*upyw.config.*', '*.upywrc*', '*upyw.boards.*', 'upyw.lock.json'],
  // What a killed backup or get leaves.
  ...['esp32*-????????????-*.bin', '.upyw-*', '.*.upyw-*.part'],
];
/** Whatever the case: most computers' file systems do not tell it, and nobody calls another file so. */
const ownRules = () => ignore({ ignorecase: true }).add(ownFiles);

/** What no board has a use for. A rule of the user's that begins with `!` brings it back. */
const builtIn = [
  ...['.git/', '.hg/', '.svn/', '.gitignore', '.gitattributes', ignoreFileName],
  ...['__pycache__/', '*.pyc', '.venv/', 'venv/', '.mypy_cache/', '.pytest_cache/', '.ruff_cache/'],
  ...['node_modules/', '.idea/', '.vscode/', '.DS_Store', '._*', 'Thumbs.db', 'desktop.ini'],
  // Editors leave these beside a file while it is open.
  ...['*.swp', '*.swo', '*~', '.#*', '\\#*#'],
];

/** Leaves out upyw's own files only, and remembers which: a folder that is copied as it is gives no secret away unseen. */
export class OwnFileRules implements FolderRules {
  readonly #rules = ownRules();
  readonly #leftOut: string[] = [];

  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  enter(): Promise<void> {
    return Promise.resolve();
  }

  leavesOut(path: string, kind: 'file' | 'folder'): boolean {
    const isOwn = kind === 'file' && ignore.isPathValid(path) && this.#rules.ignores(path);
    if (isOwn) this.#leftOut.push(path);
    return isOwn;
  }
}

/**
 * The rules of all .upywignore files of a folder, as git reads .gitignore: the last one that matches decides, those of a
 * deeper folder come later, and nothing comes back whose folder is left out. Upper and lower case differ, as on the board.
 */
export class IgnoreRules implements FolderRules {
  readonly #own = ownRules();
  readonly #rules = ignore({ ignorecase: false }).add(builtIn);

  async enter(folder: string, local: string, names: readonly string[]): Promise<void> {
    // Before the user's own rules, which have the last word.
    const packagePath = join(local, 'package.json');
    if (
      names.includes('package.json') &&
      (await isOrdinaryFile(packagePath)) &&
      (await holdsSettings(packagePath))
    ) {
      this.#rules.add(inFolder('/package.json', folder));
    }
    if (!names.includes(ignoreFileName)) return;
    const path = join(local, ignoreFileName);
    if (!(await isOrdinaryFile(path))) throw new UpywError('file/failed', { path, reason: 'it is no file' });
    const text = new TextDecoder().decode(await readLocalFile(path));
    this.#rules.add(text.split(/\r?\n/).map((line) => inFolder(line, folder)));
  }

  /** Whether a path, from the folder on and with `/`, is left out, or a folder that it is in. */
  leavesOut(path: string, kind: 'file' | 'folder'): boolean {
    if (!ignore.isPathValid(path)) return false;
    const { ignored, unignored } = this.#rules.test(kind === 'folder' ? `${path}/` : path);
    return ignored || (!unignored && kind === 'file' && this.#own.ignores(path));
  }
}

// A rule of a deeper folder as one of the topmost: in `lib`, `*.log` becomes `/lib/**/*.log` and `/a` becomes `/lib/a`.
function inFolder(line: string, folder: string): string {
  if (folder === '' || /^(?:\s*$|#)/.test(line)) return line;
  const [, sign = '', pattern = ''] = /^(!?)([^]*)$/.exec(line) ?? [];
  const isAnchored = /\/\s*\S/.test(pattern);
  // A folder's name is meant as it is.
  const place = folder.replace(/[\\*?[\]]/g, '\\$&');
  return `${sign}/${place}/${isAnchored ? '' : '**/'}${pattern.replace(/^\//, '')}`;
}

/** Whether a package.json is also a place of our settings. */
async function holdsSettings(path: string): Promise<boolean> {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(await readLocalFile(path)));
    return typeof content === 'object' && content !== null && 'upyw' in content;
  } catch {
    return false;
  }
}
