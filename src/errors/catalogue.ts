import { kind } from './define.js';

/** MicroPython's releases: which there are, and whether a file is the one that it should be. */
export const catalogueErrors = {
  'firmware/unknown-board': kind<{ board: string; near?: string; source: string }>({
    exitCode: 1,
    message: ({ board, source }) => `${source} has no board ${board}`,
    hint: ({ near }) =>
      near === undefined
        ? 'See all: upyw firmware list'
        : `Did you mean ${near}? See all: upyw firmware list`,
  }),
  'firmware/no-release': kind<{ board: string; wanted: string; known: string[]; previews: boolean }>({
    exitCode: 1,
    message: ({ board, wanted }) => `there is no ${wanted} for ${board}`,
    hint: ({ known, previews }) =>
      known.length > 0
        ? `There are: ${known.join(', ')}`
        : previews
          ? 'There are preview builds only: add --preview'
          : 'See what there is: upyw firmware list',
  }),
  'firmware/not-a-catalogue': kind<{ url: string; title?: string }>({
    exitCode: 1,
    message: ({ url, title }) =>
      `${url} is not MicroPython's download page: nothing on it names a firmware` +
      (title === undefined ? '' : ` (it is called “${title}”)`),
    hint: () =>
      'Open any page in a browser and log in to this network, then repeat the command; or name a mirror: UPYW_FIRMWARE_URL',
  }),
  'firmware/not-as-named': kind<{ name: string; is: string; wanted: string }>({
    exitCode: 1,
    message: ({ name, is, wanted }) => `${name} is not what its name says: it is ${is}, not ${wanted}`,
    hint: () =>
      'Nothing of it was kept. Whoever offers it has mixed something up: take another source, or tell them',
  }),
  'firmware/none-for-chip': kind<{ chip: string }>({
    exitCode: 1,
    message: ({ chip }) => `MicroPython has no general firmware for an ${chip}`,
    hint: () => 'Name your board: upyw firmware list, then upyw flash --board BOARD',
  }),
  'firmware/lock': kind<{ path: string; reason: string }>({
    exitCode: 2,
    message: ({ path, reason }) => `${path} cannot be used: ${reason}`,
    hint: ({ path }) =>
      `Take ${path} from version control again, or write it anew: upyw firmware fetch --update`,
  }),
  'firmware/listen': kind<{ address: string; reason: string }>({
    exitCode: 1,
    message: ({ address, reason }) => `cannot listen on ${address}: ${reason}`,
    hint: () => 'Choose another address, for example: --listen 127.0.0.1:0',
  }),
  'firmware/not-the-locked': kind<{ name: string; path: string; expected: string; actual: string }>({
    exitCode: 1,
    message: ({ name, path, expected, actual }) =>
      `${name} is not the file that ${path} holds this project to: its SHA-256 is ${actual}, not ${expected}`,
    hint: () =>
      'Nothing of it was kept. If the new one is to be used from now on: upyw firmware fetch --update',
  }),
};
