/**
 * The floors of src/: which rooms a room may import from, types included. Below are the leaves, which know nothing of the rest.
 * CONTRIBUTING.md draws them. A room is a folder of src/, or the files at its top of which the names are given.
 */
const leaves = ['errors', 'printable', 'shown-address', 'package-file', 'version', 'pause', 'once'];
const floors = {
  // Leaves, and what firmware files are: one may hold a file system.
  errors: [],
  printable: [],
  'shown-address': [],
  'package-file': [],
  pause: [],
  once: [],
  version: [],
  config: [],
  littlefs: [],
  fat: [],
  firmware: ['littlefs'],
  // Python to bytecode.
  mpy: [],
  // The shapes of what commands print for programs: programs import them, and tests.
  json: [],
  // Bytes, and this computer's files.
  transport: [],
  local: ['config'],
  net: ['local'],
  // The two ways to speak to a chip, and what is done with them.
  rawrepl: ['transport'],
  board: ['rawrepl', 'transport'],
  loader: ['firmware', 'local', 'transport'],
  images: ['board', 'fat', 'firmware', 'littlefs', 'transport/interrupt'],
  // Operations. What shows them to a person is handed in: of ui/ they know the words for it, no more.
  provision: ['board', 'config', 'local', 'rawrepl', 'transport'],
  // What is to be had from elsewhere: MicroPython's releases, and libraries for the board.
  catalogue: ['firmware', 'local', 'net'],
  packages: ['board', 'config', 'copying', 'local', 'mpy', 'net', 'rawrepl', 'transport'],
  copying: ['board', 'local', 'mpy'],
  connecting: ['board', 'config', 'context', 'images', 'loader', 'local', 'rawrepl', 'transport', 'world'],
  // Names of boards, and many boards at once.
  names: ['config', 'local'],
  // What is wrong with this computer, its ports and the board at hand.
  doctor: [
    ...['board', 'catalogue', 'config', 'connecting', 'context', 'firmware', 'loader', 'net', 'rawrepl'],
    ...['transport', 'world'],
  ],
  fleet: ['config', 'connecting', 'context', 'local', 'transport', 'ui/reporter', 'world'],
  // The virtual board judges all of that, so it shares no protocol code with it: only the types of a port, and file systems, which
  // real MicroPython judges.
  sim: ['fat', 'littlefs', 'local', 'transport/port'],
  // What a command is handed. Who puts it together is above the commands.
  world: ['transport/port'],
  context: ['config', 'transport/port', 'ui/reporter', 'world'],
  ui: ['context', 'firmware', 'fleet/fleet-view', 'fleet/choose-boards', 'interruption', 'local', 'world'],
  interruption: ['world'],
  // The commands reach everything below them, but not one another's groups.
  commands: [
    ...[
      'board',
      'catalogue',
      'completion',
      'config',
      'connecting',
      'context',
      'copying',
      'doctor',
      'firmware',
      'fleet',
      'images',
      'littlefs',
      'loader',
      'local',
      'net',
      'mpy',
    ],
    ...['names', 'packages', 'provision', 'sim', 'transport', 'ui', 'world'],
  ],
  program: ['commands', 'config', 'connecting', 'context', 'ui/print', 'world'],
  'open-ports': ['transport'],
  openers: ['sim', 'transport', 'world'],
  'this-system': ['transport/serial', 'world'],
  // What a shell is answered: the tree is made when upyw is built, the rest is loaded when it is asked for.
  completion: [...['config', 'connecting', 'context', 'create-world', 'program', 'transport', 'ui', 'world']],
  complete: ['completion'],
  'create-world': ['this-system', 'open-ports', 'openers', 'ui', 'world'],
  execute: ['commands', 'context', 'fleet', 'program', 'transport/many-ports', 'ui', 'world'],
  performing: ['create-world', 'execute', 'ui'],
  main: ['interruption', 'performing', 'program', 'ui', 'world'],
  // The library: the same operations, for other programs.
  index: ['board', 'firmware', 'loader', 'openers', 'transport'],
};

/** Who may import which package. Any other is for whoever needs it. */
const packages = {
  serialport: ['transport/serial'],
  '@serialport/.*': ['transport/serial'],
  'esptool-js': ['loader'],
  chalk: ['ui'],
  ora: ['ui'],
  inquirer: ['ui'],
  '@inquirer/.*': ['ui'],
  commander: ['program'],
  cosmiconfig: ['config'],
  yaml: ['names'],
  'p-map': ['fleet'],
  'log-update': ['ui'],
  'js-fatfs': ['fat'],
  undici: ['net'],
  'env-paths': ['net'],
  '@pybricks/mpy-cross-v6': ['mpy'],
};

/** A room's files: its folder, or its one file at the top; `transport/port` names that file alone. */
const within = (rooms) => `^src/(${rooms.join('|')})(/|[.]ts$)`;

const walls = Object.entries(floors).map(([room, below]) => ({
  name: `${room}-reaches-only-below`,
  comment: `${room} may import ${[...below, ...leaves].join(', ')}`,
  severity: 'error',
  from: { path: within([room]) },
  to: { path: '^src/', pathNot: within([room, ...below, ...leaves]) },
}));

const owners = Object.entries(packages).map(([name, rooms]) => ({
  name: `${name}-is-wrapped`,
  comment: `Only ${rooms.join(', ')} knows ${name}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: within(rooms) },
  to: { path: `node_modules/${name}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-room-has-its-floor',
      comment: 'A new folder of src/ takes its place in .dependency-cruiser.js.',
      severity: 'error',
      from: { path: '^src/', pathNot: within(Object.keys(floors)) },
      to: {},
    },
    {
      name: 'the-judge-shares-only-types',
      severity: 'error',
      from: { path: within(['sim']) },
      to: { path: within(['transport']), dependencyTypesNot: ['type-only'] },
    },
    ...walls,
    ...owners,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
