import { kind } from './define.js';
import { word } from './word.js';

/** Libraries for the board. */
export const mipErrors = {
  'mip/bad-spec': kind<{ spec: string; reason: string }>({
    exitCode: 2,
    message: ({ spec, reason }) => `${spec}: ${reason}`,
    hint: () =>
      'Name a package (umqtt.simple, aioble@0.5.0), github:ORG/REPO@REF, an address, or a folder with a package.json (./lib)',
  }),
  'mip/not-found': kind<{
    name: string;
    version?: string;
    index: string;
    near?: string;
    versions?: readonly string[];
  }>({
    exitCode: 1,
    message: ({ name, version, index }) =>
      version === undefined
        ? `${index} has no package ${name}`
        : `${index} has no version ${version} of ${name}`,
    hint: ({ name, near, versions }) => {
      if (versions !== undefined && versions.length > 0) return `It has ${versions.slice(-6).join(', ')}`;
      return near === undefined
        ? `Look for it: upyw mip search ${name.slice(0, 40)}`
        : `Did you mean ${near}?`;
    },
  }),
  'mip/built-in': kind<{ name: string; builtIn: string }>({
    exitCode: 1,
    message: ({ name, builtIn }) =>
      name === builtIn
        ? `${name} is built into MicroPython`
        : `${name} is built into MicroPython today, as ${builtIn}`,
    hint: ({ builtIn }) => `Nothing is to be installed: import ${builtIn}`,
  }),
  'mip/bad-package': kind<{ from: string; problem: string }>({
    exitCode: 1,
    message: ({ from, problem }) => `${from} is no package: ${problem}`,
    hint: () =>
      'Check the address: a package has a package.json with "urls" or "hashes" in it. Nothing was changed',
  }),
  'mip/bad-path': kind<{ from: string; path: string }>({
    exitCode: 1,
    message: ({ from, path }) => `${from} wants to write ${path}, where no file of a library may be`,
    hint: () => 'Tell those who publish it. Nothing was changed',
  }),
  'mip/offline': kind<{ what: string }>({
    exitCode: 1,
    message: ({ what }) => `there is no network, and ${what} was never downloaded here`,
    hint: () =>
      'Once there is a network, upyw mip mirror NAME… FOLDER copies packages to a USB stick; UPYW_MIP_INDEX=FOLDER takes them from there',
  }),
  'mip/no-target': kind<{ paths: readonly string[] }>({
    exitCode: 1,
    message: ({ paths }) =>
      `the board looks for libraries in no folder called lib (sys.path: ${paths.join(', ')})`,
    hint: () => 'Name one: --target /lib. A program must then add it to sys.path',
  }),
  'mip/not-installed': kind<{ name: string; near?: string; target: string }>({
    exitCode: 1,
    message: ({ name, target }) => `upyw has installed no ${name} in ${target}`,
    hint: ({ near }) =>
      near === undefined
        ? 'See what it has: upyw mip list. Other files go with: upyw rm'
        : `Did you mean ${near}?`,
  }),
  'mip/needed': kind<{ name: string; by: readonly string[] }>({
    exitCode: 1,
    message: ({ name, by }) => `${name} is needed by ${by.join(', ')}`,
    hint: ({ name, by }) => `Remove them together: upyw mip remove ${[...by, name].join(' ')}`,
  }),
  'mip/lock-differs': kind<{ lock: string; missing: readonly string[]; surplus: readonly string[] }>({
    exitCode: 2,
    message: ({ lock, missing, surplus }) =>
      `${lock} does not fit packages: in the configuration` +
      (missing.length > 0 ? `; it lacks ${missing.join(', ')}` : '') +
      (surplus.length > 0 ? `; it has ${surplus.join(', ')} besides` : ''),
    hint: () => 'Make it fit: upyw mip install (without names)',
  }),
  'mip/lock-unreadable': kind<{ lock: string; problem: string }>({
    exitCode: 2,
    message: ({ lock, problem }) => `${lock} cannot be used: ${problem}`,
    hint: ({ lock }) => `Take it out of git as it was, or remove ${lock} and make it anew: upyw mip install`,
  }),
  'mip/lock-format': kind<{ lock: string; locked: string; board: string }>({
    exitCode: 1,
    message: ({ lock, locked, board }) => `${lock} is for ${locked}, and this board loads ${board}`,
    hint: () => 'Make it anew for this board: upyw mip install; or for all boards: upyw mip install --no-mpy',
  }),
  'mip/state-unreadable': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} on the board, where upyw keeps what it has installed, makes no sense`,
    hint: ({ path }) =>
      `Remove it (upyw rm ${word(`:${path}`)}) and install what you need anew. The libraries stay`,
  }),
};
