import { z } from 'zod';
import { bytes, chipName, dryRun, joined, mac, sha256, shape } from './parts.js';

const changed = { unchangedBytes: bytes, erasedBytes: bytes, writtenBytes: bytes };
const onChip = { name: chipName, mac, port: z.string() };
const appDescription = z.strictObject({
  secureVersion: z.number(),
  version: z.string(),
  projectName: z.string(),
  compiledAt: z.string(),
  idfVersion: z.string(),
  elfSha256: z.string(),
});

/** The chip below MicroPython, and its firmware. */
export const chipShapes = {
  flash: shape({
    ...onChip,
    ...changed,
    ...joined,
    offset: bytes,
    sizeBytes: bytes,
    micropython: z.string().optional(),
    app: appDescription.nullable(),
    file: z.string(),
    files: bytes.optional(),
    filesFreeBytes: bytes.optional(),
    dryRun,
    durationMs: bytes,
  }),
  backup: shape({
    ...onChip,
    path: z.string(),
    offset: bytes,
    sizeBytes: bytes,
    readBytes: bytes,
    blankBytes: bytes,
    referenceBytes: bytes,
    sha256: sha256.optional(),
    dryRun,
    durationMs: bytes,
  }),
  verify: shape({ ...onChip, offset: bytes, sizeBytes: bytes, file: z.string(), equal: z.literal(true) }),
  restore: shape({ ...onChip, ...changed, file: z.string(), dryRun }),
  erase: shape({ ...onChip, erasedBytes: bytes, unchangedBytes: bytes, dryRun }),
  chip: shape({
    port: z.string(),
    /** What upyw.boards.yaml calls it. */
    board: z.string().optional(),
    chip: z.strictObject({ name: chipName, revision: z.number().int(), mac }),
    description: z.looseObject({}),
    flash: z.looseObject({ sizeBytes: bytes }),
    contents: z.looseObject({}),
  }),
  'firmware list': shape({
    boards: z
      .array(
        z.strictObject({
          board: z.string(),
          product: z.string(),
          vendor: z.string(),
          kept: z.array(z.string()),
        }),
      )
      .optional(),
    board: z.string().optional(),
    releases: z
      .array(
        z.strictObject({
          variant: z.string(),
          version: z.string(),
          date: z.string(),
          file: z.string(),
          isPreview: z.boolean(),
          isKept: z.boolean(),
        }),
      )
      .optional(),
  }),
  'firmware fetch': shape({
    board: z.string(),
    variant: z.string(),
    version: z.string(),
    date: z.string(),
    file: z.string(),
    /** Null where the cache cannot be written. */
    path: z.string().nullable(),
    /** Not with `--dry-run`. */
    sizeBytes: bytes.optional(),
    sha256: sha256.optional(),
    wasKept: z.boolean(),
    dryRun: dryRun.optional(),
  }),
  'firmware where': shape({ folder: z.string(), path: z.string().optional() }),
  'firmware prune': shape({ removed: z.array(z.string()), freedBytes: bytes, dryRun }),
  'firmware serve': shape({ url: z.string(), urls: z.array(z.string()), files: z.array(z.string()) }),
} as const;
