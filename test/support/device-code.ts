import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const standIns = fileURLToPath(new URL('device', import.meta.url));
const workshop = fileURLToPath(new URL('../../device', import.meta.url));

export interface DeviceRun {
  readonly lines: string[];
  readonly errors: string;
}

/**
 * Runs Python on real MicroPython with the workshop's modules and, before them, the stand-ins of test/support/device: without
 * them there is no Wi-Fi and there are no pins, but real time and real sockets. `files` stand in the folder where all are
 * looked for first, as a board's config.py does.
 */
export async function runOnDevice(
  code: string,
  files: Record<string, string> = {},
  { clock = 'stand-in' }: { clock?: 'stand-in' | 'real' } = {},
): Promise<DeviceRun> {
  const folder = await mkdtemp(join(tmpdir(), 'upyw-device-'));
  const path = [folder, ...(clock === 'real' ? [] : [standIns]), workshop, '.frozen'];
  try {
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    await writeFile(join(folder, 'test_code.py'), code);
    const { stdout, stderr } = await execa('micropython', ['-c', 'import test_code'], {
      cwd: folder,
      env: { MICROPYPATH: path.join(delimiter) },
      timeout: 15_000,
      reject: false,
    });
    return { lines: stdout === '' ? [] : stdout.split(/\r?\n/), errors: stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}
