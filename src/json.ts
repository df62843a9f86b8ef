import { z } from 'zod';

/**
 * What each command prints with `--json`, by its name: a document of one of these shapes, or of `failure`. For programs that call upyw; the command
 * line itself does not load this.
 */

/** Sizes and offsets, in bytes. */
const bytes = z.number().int().nonnegative();
const dryRun = z.boolean();
const chipName = z.string();
/** Such as 24:0a:12:f2:0c:34. */
const mac = z.string().regex(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Of the console during the transfer; there where something was transferred. */
const baud = z.number().int().optional();

/** Of every command that went well. `warnings` are there where something was said besides. */
function shape<Fields extends z.ZodRawShape>(fields: Fields) {
  return z.strictObject({ ok: z.literal(true), ...fields, warnings: z.array(z.string()).optional() });
}

const entry = z.strictObject({
  name: z.string(),
  path: z.string(),
  type: z.enum(['file', 'folder']),
  sizeBytes: bytes,
});
const listing = shape({ path: z.string(), entries: z.array(entry) });
const copied = z.strictObject({ local: z.string(), remote: z.string(), sizeBytes: bytes });
const heap = z.strictObject({ freeBytes: bytes, usedBytes: bytes });
const disk = z.strictObject({ path: z.string(), totalBytes: bytes, freeBytes: bytes });
const partition = z.strictObject({
  label: z.string(),
  type: z.string(),
  subtype: z.string(),
  offset: bytes,
  sizeBytes: bytes,
  encrypted: z.boolean(),
});
const onChip = { name: chipName, mac, port: z.string() };
const boardName = z.strictObject({ name: z.string(), mac, port: z.string() });
const changed = { unchangedBytes: bytes, erasedBytes: bytes, writtenBytes: bytes };
const appDescription = z.strictObject({
  secureVersion: z.number(),
  version: z.string(),
  projectName: z.string(),
  compiledAt: z.string(),
  idfVersion: z.string(),
  elfSha256: z.string(),
});
const wifi = z.strictObject({ ip: z.string(), rssiDbm: z.number().optional(), seconds: z.number() });
const clock = z.union([
  z.strictObject({ isSet: z.literal(true), time: z.string() }),
  z.strictObject({ isSet: z.literal(false), reason: z.string() }),
]);
/** What was seen of a board's start with Wi-Fi. */
const joined = { ssid: z.string().optional(), wifi: wifi.optional(), clock: clock.optional() };

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

export const shapes = {
  ls: listing,
  tree: listing,
  cat: shape({ output: z.string() }),
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
  rm: shape({ removed: z.array(z.string()), dryRun }),
  mkdir: shape({ folders: z.array(z.string()), dryRun }),
  rmdir: shape({ removed: z.array(z.string()), dryRun }),
  /** `output` is there where something was printed. */
  run: shape({ output: z.string().optional() }),
  exec: shape({ output: z.string().optional() }),
  eval: shape({ value: z.string(), output: z.string().optional() }),
  reset: shape({ reset: z.string(), dryRun: dryRun.optional() }),
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
    sizeBytes: bytes,
    sha256,
    wasKept: z.boolean(),
  }),
  'firmware where': shape({ folder: z.string(), path: z.string().optional() }),
  'firmware prune': shape({ removed: z.array(z.string()), freedBytes: bytes, dryRun }),
  'firmware serve': shape({ url: z.string(), urls: z.array(z.string()), files: z.array(z.string()) }),
  list: shape({ ports: z.array(z.looseObject({})) }),
  init: shape({ dryRun, written: z.array(z.string()), kept: z.array(z.string()) }),
  provision: shape({
    ...joined,
    port: z.string().optional(),
    files: z.array(z.strictObject({ path: z.string(), state: z.string(), sizeBytes: bytes })),
    kept: z.array(z.strictObject({ path: z.string(), as: z.string() })),
    boot: z.strictObject({ path: z.string(), state: z.string(), added: z.array(z.string()) }).optional(),
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
  }),
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
