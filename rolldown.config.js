import { defineConfig } from 'rolldown';

/** What every command that talks to a board loads. Modules with heavy packages behind them stay apart. */
const common =
  /build\/(?:errors|world|open|execute|context|ui|rawrepl|board|transport\/(?!serial|list-ports)|config\/(?:values|keys?\.)|commands\/support\/(?:open-board|board-path))/;

/** Few files: a hundred modules, read one by one, would hold up each command by 50 ms. */
export default defineConfig({
  input: {
    main: 'build/main.js',
    index: 'build/index.js',
    worker: 'build/sim/micropython/worker.js',
  },
  platform: 'node',
  external: /^[^./]/,
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        { name: 'start', test: /build\/(?:version|interruption)/, priority: 1 },
        { name: 'common', test: common },
      ],
    },
  },
});
