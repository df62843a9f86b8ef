import { createRequire } from 'node:module';
import type * as types from 'commander';

/** As CommonJS, which it is, it loads in two thirds of the time that an `import` takes; every command and every help waits for it. */
const commander = createRequire(import.meta.url)('commander') as typeof types;

export const { Command, CommanderError, Option } = commander;
