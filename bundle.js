import { join, relative } from 'node:path';
import { build } from 'rolldown';

/** What every command that talks to a board loads. Modules with heavy packages behind them stay apart. */
const common =
  /^(?:errors|world|open|execute|context|ui|printable|make-folders|rawrepl|board|transport\/(?!serial|list-ports)|config|commands\/support\/(?:open-board|board-path|board-patterns|patterns))/;
/** The way to a virtual board, which another process may keep on: without the board itself. */
const wayToVirtual =
  /^sim\/(?:sim-port|sim-address|serve\/attach-(?:client|frames)|state|chip\/(?:identity|flash|flash-file|faults|stand-in|stand-in-bytes|timing|partition-table)\.|network\/access-point)/;
const start = /^(?:version|interruption|package-file|ui\/give-width)/;

/** Looks at a module's path within the build, wherever that lies. */
function within(pattern) {
  const root = join(import.meta.dirname, 'build');
  return (id) => pattern.test(relative(root, id).replaceAll('\\', '/'));
}

// Few files: a hundred modules, read one by one, would hold up each command by 50 ms.
await build({
  input: {
    main: './build/main.js',
    index: './build/index.js',
    worker: './build/sim/micropython/worker.js',
  },
  platform: 'node',
  // What is common is loaded at once, however it is asked for.
  checks: { ineffectiveDynamicImport: false },
  // What is installed beside us: nothing is bound in that is not ours.
  external: (id, _importer, isResolved) => !isResolved && !id.startsWith('.'),
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        { name: 'start', test: within(start), priority: 1 },
        { name: 'common', test: within(common) },
        // The virtual board's worker needs no more of it.
        { name: 'gpio', test: within(/^sim\/pins\/gpio/), priority: 1 },
        { name: 'way-to-virtual', test: within(wayToVirtual) },
      ],
    },
  },
});
