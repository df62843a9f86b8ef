import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256Of } from '../../src/net/file-cache.js';
import { openNet } from '../../src/net/net.js';
import { firmwareNamed, startFirmwareSite } from '../support/firmware-site.js';
import { startUpyw } from '../support/upyw.js';
import type { WebServer } from '../support/web-server.js';

/** What a kill at any moment of a download leaves behind: never half a file. */

/** Each has a cache of its own, and one download after another in it. */
const lanes = 5;
/** `UPYW_DOWNLOAD_KILLS` in all; a sample where nothing is said. */
const killsInLane = Number(process.env['UPYW_DOWNLOAD_KILLS'] ?? 10) / lanes;
/** Behind a moment at which so many bytes were sent, a moment more for what is done with them. */
const longestDelayMs = 20;
const name = 'ESP32_GENERIC-20250911-v1.26.1.bin';
const content = firmwareNamed(name);
const wanted = sha256Of(content);

let site: WebServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-killed-'));
  site = await startFirmwareSite({ ESP32_GENERIC: [name] });
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true, maxRetries: 10 });
});

/** Sends what is missing in pieces, and says how far it is. */
function inPieces(onSent: (shareOfRest: number) => void): WebServer['answer'] {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, {
      'content-length': rest.length,
      etag: '"1"',
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    const size = Math.ceil(rest.length / 10);
    const send = (at: number): void => {
      onSent(Math.min(1, at / rest.length));
      if (at >= rest.length) response.end();
      else response.write(rest.subarray(at, at + size), () => setTimeout(send, 2, at + size));
    };
    send(0);
  };
}

it(
  `is whole after each of ${lanes * killsInLane} kills, and the next run goes on`,
  { timeout: 120_000 },
  async () => {
    const pages = site.answer;
    const sent: ((share: number) => void)[] = [];
    site.answer = (request, response) => {
      const [, lane = '0', path = '/'] = /^\/(\d)(\/.*)$/.exec(request.url ?? '') ?? [];
      request.url = path;
      const isFile = path.startsWith('/resources');
      (isFile ? inPieces((share) => sent[Number(lane)]?.(share)) : pages)(request, response);
    };
    const lane = async (place: number): Promise<void> => {
      const env = {
        UPYW_CACHE_DIR: join(folder, String(place)),
        UPYW_FIRMWARE_URL: `${site.url.href}${place}`,
      };
      const start = () => startUpyw(folder, ['--json', 'firmware', 'fetch', 'ESP32_GENERIC'], { env });
      const net = openNet({ env, signal: new AbortController().signal });
      const files = net.files('firmware');
      for (let kill = 0; kill < killsInLane; kill += 1) {
        const running = start();
        const at = Math.random();
        sent[place] = (share) => {
          if (share >= at) setTimeout(() => running.kill('SIGKILL'), Math.random() * longestDelayMs);
        };
        await running;
        const found = await files.find(name);
        if (found !== undefined) expect(found.sha256).toBe(wanted);
        await files.remove(name);
      }
      sent[place] = () => undefined;
      expect(JSON.parse((await start()).stdout)).toMatchObject({ sha256: wanted });
      await net.close();
    };
    await Promise.all(Array.from({ length: lanes }, (_, place) => lane(place)));
    // What was there of a killed one was taken up.
    if (killsInLane >= 10) expect(site.requests.some(({ range }) => range !== undefined)).toBe(true);
  },
);

it('is whole when two processes want the same at the same time', async () => {
  const env = { UPYW_CACHE_DIR: join(folder, 'both'), UPYW_FIRMWARE_URL: `${site.url.href}9` };
  const start = () => startUpyw(folder, ['--json', 'firmware', 'fetch', 'ESP32_GENERIC'], { env });
  for (const { exitCode, stdout } of await Promise.all([start(), start()])) {
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(wanted)]);
  }
  expect((await readdir(join(folder, 'both', 'firmware'))).sort()).toEqual([name, `${name}.sha256`]);
});
