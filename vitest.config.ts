import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The command line, the worker thread of the virtual board and the library export are tested as built.
    globalSetup: ['test/support/build.ts'],
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', './test/support/plain-summary.ts'],
    // Most of the time goes by in waiting for boards and processes, so a few more than there are cores.
    maxWorkers: 4,
    // A fresh process for each file would take longer than most of the tests.
    isolate: false,
    include: ['test/**/*.test.ts'],
    // Whatever a test runs: upyw says no password by itself.
    setupFiles: ['test/support/no-secrets.ts'],
    // A hang is one, also on a machine that has other work: CI's takes three times as long then.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
