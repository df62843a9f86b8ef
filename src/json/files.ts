import { z } from 'zod';
import { bytes, disk, dryRun, printed, sha256, shape } from './parts.js';

/** Of the console during the transfer; there where something was transferred. */
const baud = z.number().int().optional();
const entry = z.strictObject({
  name: z.string(),
  path: z.string(),
  type: z.enum(['file', 'folder']),
  sizeBytes: bytes,
});
const listing = shape({ path: z.string(), entries: z.array(entry) });
const copied = z.strictObject({ local: z.string(), remote: z.string(), sizeBytes: bytes });

/** Files of a board or an image. */
export const filesShapes = {
  ls: listing,
  tree: listing,
  cat: shape(printed),
  df: shape({
    disks: z.array(disk),
  }),
  put: shape({
    folders: z.array(z.string()),
    files: z.array(copied),
    unchanged: z.array(copied),
    baud,
    dryRun,
  }),
  get: shape({
    folders: z.array(z.string()),
    files: z.array(copied),
    renamed: z.array(z.unknown()),
    baud,
    dryRun,
  }),
  sync: shape({
    folder: z.string(),
    destination: z.string(),
    removed: z.array(z.string()),
    folders: z.array(z.string()),
    files: z.array(copied.extend({ change: z.enum(['new', 'changed']) })),
    unchanged: z.array(copied),
    baud,
    dryRun,
  }),
  cp: shape({
    folders: z.array(z.string()),
    files: z.array(z.strictObject({ from: z.string(), to: z.string(), sizeBytes: bytes })),
    dryRun,
  }),
  mv: shape({ moved: z.array(z.strictObject({ from: z.string(), to: z.string() })), dryRun }),
  touch: shape({ files: z.array(z.string()), dryRun }),
  /** With `--check` the files are told in `output`, in coreutils' words. */
  sha256sum: shape({
    files: z.array(z.strictObject({ path: z.string(), sizeBytes: bytes, sha256 })),
    checked: z.number().int().optional(),
    output: z.string().optional(),
  }),
  rm: shape({ removed: z.array(z.string()), dryRun }),
  mkdir: shape({ folders: z.array(z.string()), dryRun }),
  rmdir: shape({ removed: z.array(z.string()), dryRun }),
} as const;
