import { z } from 'zod';
import { boardShapes } from './json/board.js';
import { chipShapes } from './json/chip.js';
import { filesShapes } from './json/files.js';
import { imagesShapes } from './json/images.js';
import { packageShapes } from './json/packages.js';

/** Any command that did not go well. */
export const failure = z.strictObject({
  ok: z.literal(false),
  error: z.strictObject({
    /** As in docs/errors.md. */
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    exitCode: z.number().int(),
    /** A disturbed line or a restart was to blame: the same command may go well the next time. */
    retryable: z.literal(true).optional(),
    details: z.record(z.string(), z.unknown()),
    /** With `--verbose`: what caused it, nearest first. */
    causes: z.array(z.string()).optional(),
  }),
  warnings: z.array(z.string()).optional(),
});

/**
 * What each command prints with `--json`, by its name: a document of one of these shapes, or of `failure`. For programs that call upyw; the command
 * line itself does not load this.
 */
export const shapes = {
  ...filesShapes,
  ...boardShapes,
  ...chipShapes,
  ...imagesShapes,
  ...packageShapes,
} as const;
