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
