import { kind } from './define.js';

/** Boards by the names that upyw.boards.yaml has for them. */
export const nameErrors = {
  'name/unknown': kind<{ name: string; known: string[]; near?: string; path?: string }>({
    exitCode: 2,
    message: ({ name, path }) =>
      path === undefined
        ? `no board is called ${name}: this project has no upyw.boards.yaml`
        : `no board is called ${name} in ${path}`,
    hint: ({ name, known, near }) => {
      if (near !== undefined) return `Did you mean ${near}?`;
      const names = known.length === 0 ? '' : `Names here: ${known.join(', ')}. `;
      return `${names}To give a board that is plugged in this name: upyw name ${name}`;
    },
  }),
  'name/bad': kind<{ name: string; reason: string }>({
    exitCode: 2,
    message: ({ name, reason }) => `${JSON.stringify(name)} cannot name a board: ${reason}`,
    hint: () => 'Use letters, digits, dot, dash and underscore, for example: upyw name device03',
  }),
  'name/taken': kind<{ name: string; mac: string; path: string }>({
    exitCode: 1,
    message: ({ name, mac, path }) => `${name} is the board ${mac} already, in ${path}`,
    hint: ({ name }) => `Choose another name, or take it from that board: upyw name --remove ${name}`,
  }),
  'name/not-here': kind<{ name: string; mac: string; asked: string[] }>({
    exitCode: 3,
    message: ({ name, mac, asked }) =>
      `the board ${name} (${mac}) is not here` + (asked.length === 0 ? '' : `; asked: ${asked.join(', ')}`),
    hint: () => 'Plug it in, or see what is here: upyw list --probe',
  }),
  'name/other-board': kind<{ name: string; mac: string; port: string; found?: string }>({
    exitCode: 3,
    message: ({ name, mac, port, found }) =>
      found === undefined
        ? `nobody on ${port} says who it is; ${name} (${mac}) should be there`
        : `on ${port} is the board ${found}, not ${name} (${mac})`,
    hint: ({ name }) =>
      `Correct the port of ${name} in upyw.boards.yaml, or take it out to look on all ports`,
  }),
  'name/no-mac': kind<{ port: string }>({
    exitCode: 1,
    message: ({ port }) => `nobody on ${port} says which MAC address it has`,
    hint: () => 'A board is known by its MAC. See what answers: upyw list --probe',
  }),
};
