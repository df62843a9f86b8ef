import { z } from 'zod';
import { bytes, failedWith as error, mac } from './parts.js';

const boardOfMany = z.strictObject({
  /** Its name, or its port. */
  board: z.string(),
  port: z.string(),
  name: z.string().optional(),
  mac: mac.optional(),
});
const leftOut = z.array(z.strictObject({ port: z.string(), what: z.string() }));
const durationMs = bytes;

/** What a command for many boards prints: one of these in each line, the summary in the last. */
export const fleetEvent = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('boards'), boards: z.array(boardOfMany), skipped: leftOut }),
  z.strictObject({ event: z.literal('note'), text: z.string() }),
  z.strictObject({ event: z.literal('start'), board: z.string() }),
  z.strictObject({ event: z.literal('step'), board: z.string(), step: z.string() }),
  z.strictObject({
    event: z.literal('progress'),
    board: z.string(),
    step: z.string(),
    doneBytes: bytes,
    totalBytes: bytes,
  }),
  z.strictObject({ event: z.literal('warning'), board: z.string(), text: z.string() }),
  z.strictObject({
    event: z.literal('output'),
    board: z.string(),
    output: z.string().optional(),
    outputBase64: z.string().optional(),
  }),
  /** With the fields that the command has for one board. */
  z.strictObject({ event: z.literal('result'), board: z.string(), value: z.looseObject({}) }),
  /** A board that was asked for and is not here. */
  boardOfMany.extend({ event: z.literal('failure'), error }),
  z.strictObject({
    event: z.literal('end'),
    board: z.string(),
    ok: z.boolean(),
    error: error.optional(),
    durationMs,
  }),
  z.strictObject({
    event: z.literal('summary'),
    ok: z.boolean(),
    boards: z.array(
      boardOfMany.extend({
        result: z.enum(['ok', 'failed', 'interrupted']),
        durationMs,
        error: error.optional(),
      }),
    ),
    skipped: leftOut,
    durationMs,
  }),
]);
