/** Lines to set together, asserted or not, and a time to hold them. */
interface Step {
  readonly dtr?: boolean;
  readonly rts?: boolean;
  readonly waitMs?: number;
}

/** What is accepted, for messages. */
export const expectedSequence =
  "steps with | between them, as esptool's custom_reset_sequence has them: D1 or D0 (DTR), R1 or R0 (RTS), U1,0 (both at once), W0.1 (wait, in s)";

const longestWaitS = 10;

/**
 * A line sequence in the notation of esptool's configuration file
 * (https://docs.espressif.com/projects/esptool/en/latest/esp32/esptool/configuration-file.html). Undefined for what is none.
 */
export function parseSequence(text: string): readonly Step[] | undefined {
  const steps = text.split('|').map((step) => parseStep(step.trim()));
  return steps.every((step) => step !== undefined) ? steps : undefined;
}

function parseStep(step: string): Step | undefined {
  const [, line, level, , dtr, rts, waitS] =
    /^(?:([DR])([01])|(U)([01]),\s*([01])|W(\d+(?:\.\d+)?|\.\d+))$/.exec(step) ?? [];
  if (line === 'D') return { dtr: level === '1' };
  if (line === 'R') return { rts: level === '1' };
  if (dtr !== undefined) return { dtr: dtr === '1', rts: rts === '1' };
  if (waitS === undefined || Number(waitS) > longestWaitS) return undefined;
  return { waitMs: Math.round(Number(waitS) * 1000) };
}
