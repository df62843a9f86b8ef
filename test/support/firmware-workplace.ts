import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { expect } from 'vitest';
import { failure, shapes } from '../../src/json.js';
import { startFirmwareSite } from './firmware-site.js';
import { runInWorld } from './memory-world.js';
import { Workplace } from './virtual-board.js';
import type { WebServer } from './web-server.js';

export const newest = 'ESP32_GENERIC-20250911-v1.26.1.bin';
export const older = 'ESP32_GENERIC-20240602-v1.23.0.bin';
export const preview = 'ESP32_GENERIC-20251122-v1.27.0-preview.123.g0123abcdef.bin';
export const spiram = 'ESP32_GENERIC-SPIRAM-20240222-v1.22.2.bin';
export const old = 'esp32-20220117-v1.18.bin';
export const s3 = 'ESP32_GENERIC_S3-20250911-v1.26.1.bin';
const previewAlone = 'ESP32_GENERIC_C6-20251122-v1.27.0-preview.123.g0123abcdef.bin';

/** A workplace whose firmware comes from a micropython.org on this computer. */
export class FirmwareWorkplace {
  readonly #answer: WebServer['answer'];

  private constructor(
    readonly site: WebServer,
    readonly here: Workplace,
  ) {
    this.#answer = site.answer;
  }

  static async open(): Promise<FirmwareWorkplace> {
    const site = await startFirmwareSite({
      ESP32_GENERIC: [preview, newest, older, spiram, old],
      ESP32_GENERIC_S3: [s3],
      ESP32_GENERIC_C6: [previewAlone],
    });
    return new FirmwareWorkplace(site, await Workplace.open({ inTest: true }));
  }

  async close(): Promise<void> {
    await this.here.close();
    await this.site.close();
  }

  /** As it was at the beginning, but for the boards. */
  async renew(): Promise<void> {
    this.site.answer = this.#answer;
    this.site.requests.length = 0;
    for (const name of ['.cache', 'upyw.config.yaml', 'upyw.lock.json']) {
      await rm(this.here.path(name), { recursive: true, force: true });
    }
  }

  /** Runs a command line with `--json` against the site, and returns what it says, which has the shape that is promised. */
  async say(line: string, env: Record<string, string> = {}) {
    const { world } = this.here;
    const { exitCode, stdout } = await runInWorld(['--json', ...line.split(' ')], {
      ...world,
      env: { ...world.env, UPYW_FIRMWARE_URL: this.site.url.href, ...env },
    });
    const document = JSON.parse(stdout) as Record<string, unknown> & {
      error?: { code: string; hint: string };
    };
    const name = Object.keys(shapes).find((each) => line.startsWith(each)) as keyof typeof shapes;
    const shape = exitCode === 0 ? shapes[name] : failure;
    expect(shape.safeParse(document).error?.issues ?? []).toEqual([]);
    return document;
  }

  async cached(): Promise<string[]> {
    return readdir(this.here.path('.cache', 'firmware')).catch(() => []);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
