import { join, relative } from 'node:path';
import { build } from 'rolldown';

/** What every command that talks to a board loads. Modules with heavy packages behind them stay apart. */
const common =
  /^(?:errors|world|open|execute|context|ui|rawrepl|board|transport\/(?!serial|list-ports)|config\/(?:values|keys?\.)|commands\/support\/(?:open-board|board-path))/;
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
      ],
    },
  },
});
