import { z } from 'zod';
import { bytes, disk, dryRun, joined, mac, printed, shape } from './parts.js';

const heap = z.strictObject({ freeBytes: bytes, usedBytes: bytes });
const boardName = z.strictObject({ name: z.string(), mac, port: z.string() });

/** Of a finding: as it should be, may make trouble, does not work. */
const level = z.enum(['green', 'yellow', 'red']);

const provisioned = shape({
  ...joined,
  port: z.string().optional(),
  files: z.array(z.strictObject({ path: z.string(), state: z.string(), sizeBytes: bytes })),
  kept: z.array(z.strictObject({ path: z.string(), as: z.string() })),
  boot: z.strictObject({ path: z.string(), state: z.string(), added: z.array(z.string()) }).optional(),
  /** Names of those of the configuration. */
  packages: z.array(z.string()).optional(),
  checked: z.boolean().optional(),
  /** With `--dry-run`: what is this board's own. */
  own: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
        source: z.string(),
      }),
    )
    .optional(),
  dryRun: dryRun.optional(),
});

/** With `--undo`. */
const unprovisioned = shape({
  dryRun,
  boot: z.enum(['same', 'changed', 'removed']),
  removed: z.array(z.string()),
  kept: z.array(z.string()),
  /** A main.py of provisioning's that was changed since: it stays, and needs what goes. */
  stays: z.array(z.string()),
  restored: z.array(z.string()),
  missedImports: z.array(z.string()),
});

/** A running board, and what is set up for it. */
export const boardShapes = {
  mem: shape({
    before: heap,
    after: heap,
    largestBlockBytes: bytes,
    growthBytes: bytes.optional(),
    stack: z.strictObject({ usedBytes: bytes, totalBytes: bytes }).optional(),
    firmware: z.strictObject({ totalBytes: bytes, freeBytes: bytes, largestBlockBytes: bytes }).optional(),
    flashBytes: bytes.optional(),
    disks: z.array(disk).optional(),
  }),
  rtc: shape({
    /** As the clock shows it, which knows no time zone: 2026-11-27T23:05:00. */
    time: z.string(),
    /** How far it is ahead of this computer. */
    differenceSeconds: z.number().int(),
    set: z.boolean(),
    dryRun: dryRun.optional(),
  }),
  run: shape(printed),
  exec: shape(printed),
  eval: shape({ value: z.string(), ...printed }),
  /** `reset` is not there in a dry run. */
  reset: shape({ reset: z.string().optional(), dryRun: dryRun.optional() }),
  /** `script` is there without `--install`. */
  completion: shape({
    shell: z.string(),
    script: z.string().optional(),
    file: z.string().optional(),
    startFile: z.string().optional(),
    undo: z.string().optional(),
    dryRun: dryRun.optional(),
  }),
  doctor: shape({
    findings: z.array(
      z.strictObject({
        /** Stays the same: `ports/permission`. */
        id: z.string(),
        level,
        text: z.string(),
        next: z.string().optional(),
      }),
    ),
    verdict: z.strictObject({ level, text: z.string(), next: z.string() }),
  }),
  list: shape({ ports: z.array(z.looseObject({})) }),
  init: shape({ dryRun, written: z.array(z.string()), kept: z.array(z.string()) }),
  provision: z.union([provisioned, unprovisioned]),
  name: shape({
    path: z.string().nullable(),
    boards: z.array(z.strictObject({ name: z.string(), mac, index: z.number().int() })).optional(),
    named: z.array(boardName.extend({ before: z.string().optional() })).optional(),
    kept: z.array(boardName).optional(),
    removed: z.array(z.string()).optional(),
    dryRun: dryRun.optional(),
  }),
  keys: shape({
    keys: z.array(z.strictObject({ name: z.string(), key: z.string().regex(/^[0-9a-f]{32}$/) })),
    saved: z.string().optional(),
    out: z.string().optional(),
    dryRun,
  }),
  config: shape({
    settings: z.record(
      z.string(),
      z.looseObject({ value: z.unknown(), from: z.strictObject({ kind: z.string(), name: z.string() }) }),
    ),
  }),
} as const;
