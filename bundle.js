import { join, relative } from 'node:path';
import { build } from 'rolldown';

/** What every command loads that does anything. Modules with heavy packages behind them stay apart, and what only moves files or runs programs. */
const common = matching(
  'performing|world|create-world|open|execute|context|printable',
  'ui/(?!describe-(?!files)|phase-|confirm-|with-|tell-|terminal/)',
  'config/(?!parse-bytes)',
  'local/make-folders',
  'board/board-path',
  'transport/(?:openers|port-name|interrupt)[.]',
  'copying/(?:board-operand|board-patterns|patterns)[.]',
  'connecting/open-files',
);
/** What every command loads that talks to a board. */
const talking = matching(
  'rawrepl',
  'board/(?!transfer/|speed/(?!console-rates)|hash-|run-|copies|change-paths|clock|memory)',
  'transport/(?!serial/|network/(?!network-address)|rfc2217/|trace|wired-port)',
  'connecting/open-board',
);
/** What reads a file system in an image: all of it in one file, but for FAT itself. */
const image = matching(
  'images/(?!fat-volume)',
  'fat/fat-device',
  'firmware/(?:chip-size|files-place|partition-table|is-blank|looks-like)[.]',
);
/** MicroPython's releases and the cache of them: a list of them reads one file. */
const releases = matching(
  'net',
  'catalogue/(?!check-image|serve-mirror)',
  'commands/firmware/(?:list|open-store)',
  'config/nearest',
);
/** The way to a virtual board, which another process may keep on: without the board itself. */
const wayToVirtual =
  /^sim\/(?:sim-port|sim-address|serve\/attach-(?:client|frames)|state\/(?:board-lock|state-folder)|chip\/(?:identity|faults)|network\/access-point)/;
const start = /^(?:version|interruption|package-file|ui\/(?:give-width|print)\.)/;

/** One of these begins a module's path. */
function matching(...places) {
  return new RegExp(`^(?:${places.join('|')})`);
}

/** Looks at a module's path within the build, wherever that lies. */
function within(pattern) {
  const root = join(import.meta.dirname, 'build');
  return (id) => pattern.test(relative(root, id).replaceAll('\\', '/'));
}

/** Helpers for the board are shrunk here, not in each command that waits for one. */
const readyHelpers = {
  name: 'ready-helpers',
  async load(id) {
    if (!within(/^board\/helpers\/helper-code\.js$/)(id)) return null;
    const { helperCode, helpers } = await import('./build/board/helpers/helper-code.js');
    const code = Object.fromEntries(
      await Promise.all(helpers.map(async (name) => [name, await helperCode(name)])),
    );
    return `const code = ${JSON.stringify(code)};\nexport const helperCode = async (name) => code[name];\n`;
  },
};

/** What can be typed is put together here, so that a shell's question loads nothing of the program. */
const readyTree = {
  name: 'ready-tree',
  async load(id) {
    if (!within(/^completion\/ready-tree\.js$/)(id)) return null;
    const { completionTree } = await import('./build/completion/tree.js');
    return `export const tree = ${JSON.stringify(completionTree())};\n`;
  },
};

/**
 * An `import` of node:crypto takes 6 ms of each command, whether something is hashed or not: all that it has is made and copied. What is called is
 * had in that moment.
 */
const lazyCrypto = {
  name: 'lazy-crypto',
  transform: {
    filter: { code: 'node:crypto' },
    handler: (code) =>
      code.replace(/^import \{([^}]+)\} from 'node:crypto';$/gm, (_, names) =>
        names
          .split(',')
          .map((name) => name.trim())
          .map(
            (name) =>
              `const ${name} = (...words) => process.getBuiltinModule('node:crypto').${name}(...words);`,
          )
          .join(' '),
      ),
  },
};

// Few files: a hundred modules, read one by one, would hold up each command by 50 ms.
await build({
  input: {
    main: './build/main.js',
    complete: './build/complete.js',
    index: './build/index.js',
    json: './build/json.js',
    worker: './build/sim/micropython/worker.js',
    'mpy-worker': './build/mpy/worker.js',
  },
  platform: 'node',
  plugins: [readyTree, readyHelpers, lazyCrypto],
  // What is common is loaded at once, however it is asked for.
  checks: { ineffectiveDynamicImport: false },
  // What is installed beside us: nothing is bound in that is not ours.
  external: (id, _importer, isResolved) => !isResolved && !id.startsWith('.'),
  output: {
    dir: 'dist',
    cleanDir: true,
    // What a person would read is in src/: here, comments and white space only take time to load.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        // A group takes in what its modules need, but for what is in one before it.
        { name: 'start', test: within(start), priority: 5 },
        { name: 'errors', test: within(/^errors/), priority: 4 },
        // The virtual board's worker needs no more of it.
        {
          name: 'gpio',
          test: within(/^sim\/(?:pins\/gpio-numbers|micropython\/clock\/cpu-rates)/),
          priority: 3,
        },
        { name: 'common', test: within(common), priority: 2 },
        { name: 'talking', test: within(talking), priority: 1 },
        // The virtual board's thread needs nothing else of it.
        { name: 'littlefs', test: within(/^(?:littlefs|fat\/fat-error)/), priority: 3 },
        { name: 'image', test: within(image) },
        { name: 'releases', test: within(releases) },
        { name: 'way-to-virtual', test: within(wayToVirtual) },
      ],
    },
  },
});

// Each virtual board begins where this one is when its start-up code has run.
const { startVm } = await import('./build/sim/micropython/start-vm.js');
const { writeStartedVm } = await import('./build/sim/micropython/started-vm.js');
writeStartedVm(await startVm());
