import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boardPage, firmwareNamed } from '../support/firmware-site.js';
import { FirmwareWorkplace, newest, old, older, s3, sha256 } from '../support/firmware-workplace.js';
import type { Workplace } from '../support/virtual-board.js';
import { type WebServer, serveFile } from '../support/web-server.js';

/** What holds a project to one firmware, and `flash` without a file. */

let place: FirmwareWorkplace;
let site: WebServer;
let here: Workplace;
let answer: WebServer['answer'];
let say: FirmwareWorkplace['say'];

beforeAll(async () => {
  place = await FirmwareWorkplace.open();
  ({ site, here } = place);
  ({ answer } = site);
  say = place.say.bind(place);
});
afterAll(() => place.close());
beforeEach(() => place.renew());

describe('the lock of a project', () => {
  const config = 'firmware:\n  board: ESP32_GENERIC\n';

  it('holds the next computer to the same bytes', async () => {
    await writeFile(here.path('upyw.config.yaml'), config);
    await say('firmware fetch -p sim:');
    const lock = JSON.parse(await readFile(here.path('upyw.lock.json'), 'utf8')) as object;
    expect(lock).toEqual({
      firmware: {
        board: 'ESP32_GENERIC',
        variant: '',
        version: 'v1.26.1',
        file: newest,
        sha256: sha256(firmwareNamed(newest)),
      },
    });
    // Another computer, a newer release, another file under the same name.
    await rm(here.path('.cache'), { recursive: true });
    const newer = 'ESP32_GENERIC-20251209-v1.27.0.bin';
    let content = firmwareNamed(newest);
    site.answer = (request, response) => {
      if (request.url === `/resources/firmware/${newest}`) serveFile(content)(request, response);
      else if (request.url === '/download/ESP32_GENERIC/') response.end(boardPage([newer]));
      else answer(request, response);
    };
    expect(await say('firmware fetch -p sim:')).toMatchObject({ file: newest });
    await rm(here.path('.cache'), { recursive: true });
    content = firmwareNamed(newest, 'ESP32', 51_000);
    expect((await say('firmware fetch -p sim:')).error?.code).toBe('firmware/not-the-locked');
    expect(await say('firmware fetch -p sim: --update')).toMatchObject({ file: newer });
    expect(await readFile(here.path('upyw.lock.json'), 'utf8')).toContain(newer);
  });

  it('counts until the configuration says something else', async () => {
    await writeFile(here.path('upyw.config.yaml'), config);
    await say('firmware fetch -p sim:');
    await writeFile(here.path('upyw.config.yaml'), `${config}  version: v1.23.0\n`);
    expect(await say('firmware fetch -p sim:')).toMatchObject({ file: older });
    expect(await readFile(here.path('upyw.lock.json'), 'utf8')).toContain(older);
    // What is asked for by hand is not what the project is held to.
    expect(await say('firmware fetch ESP32_GENERIC_S3')).toMatchObject({ file: s3 });
    expect(await readFile(here.path('upyw.lock.json'), 'utf8')).toContain(older);
  });

  it('is told when it is broken', async () => {
    await writeFile(here.path('upyw.config.yaml'), config);
    for (const text of ['{', '[]', '{"firmware": {"board": "ESP32_GENERIC"}}']) {
      await writeFile(here.path('upyw.lock.json'), text);
      expect((await say('firmware fetch -p sim:')).error?.code).toBe('firmware/lock');
    }
    expect(await say('firmware fetch -p sim: --update')).toMatchObject({ file: newest });
  });
});

describe('upyw flash without a file', () => {
  const flash = 'flash -y -p sim:new?unpaced --no-check';

  it('writes the newest release for the chip at hand, and what the lock says', async () => {
    expect(await say(flash)).toMatchObject({ file: newest, name: 'ESP32' });
    expect(await say(`${flash} --version 1.23.0`)).toMatchObject({ file: older });
    expect((await say(`${flash} --board ESP32_GENERIC_S3`)).error?.code).toBe('firmware/wrong-chip');
    await writeFile(here.path('upyw.config.yaml'), 'firmware: { board: ESP32_GENERIC, version: v1.18 }\n');
    expect(await say(flash)).toMatchObject({ file: old });
  });

  it('takes no file and a release at once', async () => {
    expect((await say(`${flash} a.bin --version 1.23.0`)).error?.code).toBe('usage/arguments');
  });
});
