import { pause } from '../pause.js';
import type { Patient } from './computer.js';
import type { Finding } from './finding.js';

/** How long somebody has to plug a board in, in milliseconds. */
const plugMs = 20_000;
/** A system tells of a new port within this time. */
const lookEveryMs = 250;

/** Waits until a port appears that was not there: a cable that only charges brings none. */
export async function waitForPlug(patient: Patient, now: () => number): Promise<Finding> {
  const before = new Set((await patient.listPorts()).map(({ path }) => path));
  const deadlineMs = now() + plugMs;
  while (now() < deadlineMs) {
    const ports = await patient.listPorts();
    const fresh = ports.find(({ path }) => !before.has(path));
    if (fresh !== undefined) {
      const text = `${fresh.path} appeared: the cable carries data`;
      return { id: 'plug/found', level: 'green', text };
    }
    // What is unplugged first may come back under the same name.
    for (const path of before) if (!ports.some((port) => port.path === path)) before.delete(path);
    await pause(lookEveryMs, patient.signal);
    patient.signal.throwIfAborted();
  }
  const text = `nothing new within ${plugMs / 1000} s: this cable only charges, or the adapter has no driver`;
  const next = 'Take a cable that is known to carry data, and another USB port of the computer itself';
  return { id: 'plug/nothing', level: 'red', text, next };
}
