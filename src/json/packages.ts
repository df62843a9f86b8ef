import { z } from 'zod';
import { bytes, dryRun, sha256, shape } from './parts.js';

/** Paths are those of the board. */
const packagesPut = {
  target: z.string(),
  packages: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string().optional(),
      /** Which version was there. */
      before: z.string().optional(),
      from: z.string(),
      /** False: another one needs it. */
      asked: z.boolean(),
      needs: z.array(z.string()),
      files: z.array(z.string()),
    }),
  ),
  written: z.array(z.strictObject({ path: z.string(), sizeBytes: bytes, sha256 })),
  unchanged: z.array(z.string()),
  removed: z.array(z.string()),
  dryRun,
};
/** Of the commands of `upyw mip`. */
export const packageShapes = {
  'mip install': shape(packagesPut),
  'mip update': shape(packagesPut),
  'mip list': shape({
    target: z.string(),
    packages: z.array(
      z.strictObject({
        name: z.string(),
        spec: z.string(),
        version: z.string().optional(),
        from: z.string(),
        asked: z.boolean(),
        needs: z.array(z.string()),
        files: z.array(z.strictObject({ path: z.string(), sha256 })),
        changed: z.array(z.string()),
        missing: z.array(z.string()),
      }),
    ),
  }),
  'mip remove': shape({
    target: z.string(),
    packages: z.array(z.string()),
    removed: z.array(z.string()),
    dryRun,
  }),
  'mip search': shape({
    index: z.string(),
    packages: z.array(
      z.strictObject({
        name: z.string(),
        version: z.string(),
        description: z.string(),
        author: z.string(),
        license: z.string(),
      }),
    ),
  }),
  'mip show': shape({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    author: z.string(),
    license: z.string(),
    versions: z.array(z.string()),
    from: z.string(),
    files: z.array(z.string()),
    needs: z.array(z.string()),
  }),
  'mip mirror': shape({
    folder: z.string().optional(),
    packages: z.array(z.strictObject({ name: z.string(), version: z.string() })).optional(),
    files: bytes.optional(),
    sizeBytes: bytes.optional(),
    dryRun,
  }),
} as const;
