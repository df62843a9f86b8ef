import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The command line, the worker thread of the virtual board and the library export are tested as built.
    globalSetup: ['test/support/build.ts'],
    // Whatever a test runs: upyw says no password by itself.
    setupFiles: ['test/support/no-secrets.ts'],
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', './test/support/plain-summary.ts'],
    // Most of the time goes by in waiting for boards and processes, so a few more than there are cores.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
