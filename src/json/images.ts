import { z } from 'zod';
import { bytes, chipName, dryRun, sha256, shape } from './parts.js';

const partition = z.strictObject({
  label: z.string(),
  type: z.string(),
  subtype: z.string(),
  offset: bytes,
  sizeBytes: bytes,
  encrypted: z.boolean(),
});

/** Images on this computer, and virtual boards. */
export const imagesShapes = {
  'image info': shape({
    path: z.string(),
    entry: z.string().optional(),
    sizeBytes: bytes,
    sha256,
    kind: z.string(),
    use: z.string(),
    chip: chipName.optional(),
    flashOffset: bytes.optional(),
    app: z.string().optional(),
    checksums: z.enum(['right', 'wrong']).optional(),
    partitions: z.array(partition),
    fileSystem: z
      .union([
        z.strictObject({
          type: z.enum(['littlefs', 'fat']),
          version: z.string(),
          sizeBytes: bytes,
          usedBytes: bytes,
          files: bytes,
        }),
        z.strictObject({ problem: z.string() }),
      ])
      .nullable(),
  }),
  'image create': shape({
    path: z.string(),
    type: z.enum(['littlefs', 'fat']),
    sizeBytes: bytes,
    files: bytes,
    freeBytes: bytes.optional(),
    dryRun,
  }),
  'image diff': shape({
    same: z.boolean(),
    onlyLeft: z.array(z.string()),
    onlyRight: z.array(z.string()),
    different: z.array(z.string()),
  }),
  'sim list': shape({
    boards: z.array(z.strictObject({ name: z.string(), folder: z.string(), changedAtMs: z.number() })),
  }),
  'sim reset': shape({ name: z.string(), blank: z.boolean(), dryRun }),
} as const;
