import type { System } from '../../src/world.js';

/** What was recorded of a computer: files by their path, links, owners, and what programs said. */
export interface Recording {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly owners?: Readonly<Record<string, { mode: number; uid: number; gid: number }>>;
  /** By the whole command line. */
  readonly said?: Readonly<Record<string, string>>;
  readonly more?: Partial<System>;
}

/** That computer. Folders are what the paths make; what is not in the recording is not there. */
export function recordedSystem({ files = {}, links = {}, owners = {}, said = {}, more }: Recording): System {
  const paths = [...Object.keys(files), ...Object.keys(links)];
  return {
    nodeVersion: 'v24.11.1',
    arch: 'x64',
    release: '6.8.0-45-generic',
    account: { uid: 1000, groups: [1000] },
    readText: (path) => Promise.resolve(files[path]),
    readLink: (path) => Promise.resolve(links[path]),
    owner: (path) => Promise.resolve(owners[path]),
    readFolder: (folder) => {
      const below = paths.filter((path) => path.startsWith(`${folder}/`));
      const names = below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? '');
      return Promise.resolve([...new Set(names)]);
    },
    run: (command, args) => Promise.resolve(said[[command, ...args].join(' ')]),
    bindingFailure: () => Promise.resolve(undefined),
    ...more,
  };
}
