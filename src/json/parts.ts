import { z } from 'zod';

/** Sizes and offsets, in bytes. */
export const bytes = z.number().int().nonnegative();
export const dryRun = z.boolean();
export const chipName = z.string();
/** Such as 24:0a:12:f2:0c:34. */
export const mac = z.string().regex(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Of every command that went well. `warnings` are there where something was said besides. */
export function shape<Fields extends z.ZodRawShape>(fields: Fields) {
  return z.strictObject({ ok: z.literal(true), ...fields, warnings: z.array(z.string()).optional() });
}

export const disk = z.strictObject({ path: z.string(), totalBytes: bytes, freeBytes: bytes });
export const wifi = z.strictObject({ ip: z.string(), rssiDbm: z.number().optional(), seconds: z.number() });
export const clock = z.union([
  z.strictObject({ isSet: z.literal(true), time: z.string() }),
  z.strictObject({ isSet: z.literal(false), reason: z.string() }),
]);
/** What was seen of a board's start with Wi-Fi. */
export const joined = { ssid: z.string().optional(), wifi: wifi.optional(), clock: clock.optional() };

/** What a program printed: as text, or in base64 where it is no UTF-8. Neither is there where nothing was printed. */
export const printed = { output: z.string().optional(), outputBase64: z.string().optional() };

/** What went wrong. */
export const failedWith = z.strictObject({
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
});
