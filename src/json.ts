import { z } from 'zod';
import { boardShapes } from './json/board.js';
import { chipShapes } from './json/chip.js';
import { filesShapes } from './json/files.js';
import { imagesShapes } from './json/images.js';
import { packageShapes } from './json/packages.js';
import { failedWith, printed } from './json/parts.js';

export { fleetEvent } from './json/fleet.js';

/** Any command that did not go well. */
export const failure = z.strictObject({
  ok: z.literal(false),
  error: failedWith,
  ...printed,
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
