import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import type { LoadedSettings } from '../config/load-settings.js';
import type { FileEntry } from '../config/provision-keys.js';
import { joinPath, normalizePath } from '../board/board-path.js';
import { UpywError } from '../errors.js';
import type { WantedFile } from './planned-file.js';
import { isOwnConfig, renderConfig } from './render-config.js';
import { packageFile } from '../package-file.js';
import { IgnoreRules } from '../local/ignore-rules.js';
import { localKind, readLocalFile } from '../local/local-files.js';
import { readLocalFolder } from '../local/read-folder.js';
import { word } from '../errors/word.js';

/** The workshop's own code, in the order in which it gets to the board. */
export const libraries = ['wifi_and_ntp.py', 'aswitch.py', 'io.py', 'api_test.py'] as const;
const device = packageFile('device/');

const mainPath = '/main.py';

/** What only provisioning itself writes. */
const reserved = new Map([
  ['/boot.py', 'boot.py keeps what is in it and gets two lines more'],
  ['/config.py', 'config.py is made from the settings: put other names under extra'],
]);

/**
 * Everything a provisioned board has but boot.py: the libraries, the files of the configuration (which may take a library's
 * place), config.py unless Wi-Fi is left out. main.py is only for a board that has none, unless `replaceMain`. Throws `file/…`, `config/invalid`.
 */
export async function wantedFiles(
  loaded: LoadedSettings,
  options: { readonly cwd: string; readonly replaceMain: boolean; readonly startsWifi: boolean },
): Promise<WantedFile[]> {
  const wanted = new Map<string, WantedFile>();
  for (const file of await libraryFiles()) wanted.set(file.path, { ...file, keepsOld: {} });
  for (const file of await configuredFiles(loaded, options.cwd)) {
    const isKept = file.path === mainPath && !options.replaceMain;
    const keepsOld = file.path === mainPath ? { keepsOld: { onlyFirst: true } } : {};
    wanted.set(file.path, { ...file, ...keepsOld, isKept });
  }
  if (!options.startsWifi) return [...wanted.values()];
  const bytes = await renderConfig(loaded.values);
  const config = { path: '/config.py', bytes, isSecret: true, keepsOld: { isOurs: isOwnConfig } };
  return [...wanted.values(), config];
}

/** The workshop's own code as it is installed. */
export function libraryFiles(): Promise<WantedFile[]> {
  return Promise.all(
    libraries.map(async (name) => ({ path: `/${name}`, bytes: await readFile(new URL(name, device)) })),
  );
}

async function configuredFiles({ values, origins }: LoadedSettings, cwd: string): Promise<WantedFile[]> {
  const { kind, name } = origins.files;
  const folder = kind === 'default' ? cwd : dirname(name);
  const files: WantedFile[] = [];
  for (const entry of values.files) {
    for (const { local, remote } of await expand(entry, folder)) {
      const reason = reserved.get(remote);
      if (reason !== undefined) {
        throw new UpywError('config/invalid', {
          source: name,
          key: 'files',
          problem: `${entry.from}: ${reason}`,
          instead: insteadOf(remote, relative(cwd, local)),
        });
      }
      files.push({ path: remote, bytes: await readLocalFile(local) });
    }
  }
  return files;
}

function insteadOf(remote: string, local: string): string {
  return remote === '/boot.py'
    ? `Take it out of files, then: upyw put ${word(local)} :boot.py, and upyw provision`
    : 'Take it out of files, and put its names under extra';
}

/** The files that an entry stands for, with their places on the board; what no board has a use for stays here, as in `sync`. */
async function expand({ from, to }: FileEntry, folder: string): Promise<{ local: string; remote: string }[]> {
  const local = resolve(folder, from);
  const kind = await localKind(local);
  if (kind === undefined) throw new UpywError('file/not-found', { path: local });
  const isContents = kind === 'folder' && /(?:^|[\\/])\.{1,2}[\\/]*$/.test(from);
  const name = isContents ? '' : basename(local);
  const target = absolute(to === undefined || to.endsWith('/') ? `${to ?? ''}/${name}` : to);
  if (kind === 'file') return [{ local, remote: target }];
  const { files } = await readLocalFolder(local, new IgnoreRules());
  return files.map((file) => ({ local: file.local, remote: joinPath(target, file.path) }));
}

/** `:lib/`, `lib` and `/lib` are one place: the board's root is where everything of ours goes. */
function absolute(path: string): string {
  return normalizePath(`/${path.replace(/^:/, '')}`);
}
