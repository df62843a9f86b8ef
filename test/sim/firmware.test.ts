import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shapes } from '../../src/json.js';
import { boardPage, boardsPage, firmwareNamed } from '../support/firmware-site.js';
import {
  FirmwareWorkplace,
  newest,
  old,
  older,
  preview,
  s3,
  sha256,
  spiram,
} from '../support/firmware-workplace.js';
import type { Workplace } from '../support/virtual-board.js';
import { type WebServer, serveFile } from '../support/web-server.js';

/** `upyw firmware …`, against a micropython.org on this computer. */

let place: FirmwareWorkplace;
let site: WebServer;
let here: Workplace;
let answer: WebServer['answer'];
let say: FirmwareWorkplace['say'];
const cached = () => place.cached();

beforeAll(async () => {
  place = await FirmwareWorkplace.open();
  ({ site, here } = place);
  ({ answer } = site);
  say = place.say.bind(place);
});
afterAll(() => place.close());
beforeEach(() => place.renew());

describe('upyw firmware list', () => {
  it('shows the boards, and asks once', async () => {
    const first = await say('firmware list');
    expect(first['boards']).toMatchObject([
      { board: 'ESP32_GENERIC', product: 'ESP32_GENERIC board', vendor: 'Espressif', kept: [] },
      { board: 'ESP32_GENERIC_C6' },
      { board: 'ESP32_GENERIC_S3' },
    ]);
    expect(await say('firmware list')).toEqual(first);
    expect(site.requests).toHaveLength(1);
    await say('firmware list --refresh');
    expect(site.requests).toHaveLength(2);
  });

  it("shows a board's releases, by an old name too, and says what may have been meant", async () => {
    const versions = async (line: string) =>
      ((await say(line))['releases'] as { version: string; variant: string }[]).map(
        ({ version, variant }) => `${version} ${variant}`,
      );
    const releases = ['v1.26.1 ', 'v1.23.0 ', 'v1.22.2 SPIRAM', 'v1.18 '];
    expect(await versions('firmware list esp32')).toEqual(releases);
    const all = await versions('firmware list ESP32_GENERIC --preview');
    expect(all).toEqual(['v1.27.0-preview.123.g0123abcdef ', ...releases]);
    expect(await versions('firmware list ESP32_GENERIC-SPIRAM')).toEqual(['v1.22.2 SPIRAM']);
    expect((await say('firmware list ESP32_GENERC')).error).toMatchObject({
      code: 'firmware/unknown-board',
      hint: expect.stringContaining('ESP32_GENERIC') as string,
    });
  });

  it('shows what it knows where nobody answers, and what a login page is', async () => {
    await say('firmware list ESP32_GENERIC');
    site.answer = (_, response) => void response.writeHead(503).end();
    expect(await say('firmware list ESP32_GENERIC --refresh')).toMatchObject({
      warnings: [expect.stringContaining('503') as string],
    });
    site.answer = (_, response) => void response.end('<html><title>Log in</title></html>');
    expect((await say('firmware list')).error).toMatchObject({ code: 'firmware/not-a-catalogue' });
  });
});

describe('upyw firmware fetch', () => {
  it('gets the newest release, checked, and then no more', async () => {
    const file = firmwareNamed(newest);
    const first = await say('firmware fetch ESP32_GENERIC');
    expect(first).toMatchObject({ version: 'v1.26.1', file: newest, sha256: sha256(file), wasKept: false });
    expect((await cached()).sort()).toEqual([newest, `${newest}.sha256`]);
    site.requests.length = 0;
    expect(await say('firmware fetch ESP32_GENERIC')).toMatchObject({ wasKept: true });
    expect(site.requests).toEqual([]);
    expect(await say('firmware where ESP32_GENERIC')).toMatchObject({ path: first['path'] });
  });

  it.each([
    ['ESP32_GENERIC --version 1.23.0', older],
    ['ESP32_GENERIC --version v1.18', old],
    ['ESP32_GENERIC --preview', preview],
    ['ESP32_GENERIC --variant SPIRAM', spiram],
    ['ESP32_GENERIC_S3', s3],
  ])('%s is %s', async (asked, file) => {
    expect(await say(`firmware fetch ${asked}`)).toMatchObject({ file });
  });

  it('tells a page with previews only, and a version that is not there', async () => {
    expect((await say('firmware fetch ESP32_GENERIC_C6')).error).toMatchObject({
      code: 'firmware/no-release',
      hint: expect.stringContaining('--preview') as string,
    });
    expect((await say('firmware fetch ESP32_GENERIC --version 1.2.3')).error?.code).toBe(
      'firmware/no-release',
    );
    expect((await say('firmware fetch ESP32_GENERIC --version one')).error?.code).toBe('usage/bad-value');
  });

  it('takes nothing that is not the image that its name says', async () => {
    const cases: [string, Uint8Array | string][] = [
      ['firmware/not-as-named', firmwareNamed(older)],
      ['firmware/not-as-named', firmwareNamed(newest, 'ESP32-S3')],
      ['firmware/truncated', firmwareNamed(newest).subarray(0, 70_000)],
      ['firmware/damaged', firmwareNamed(newest).map((byte, at) => (at === 80_000 ? byte ^ 1 : byte))],
      ['firmware/not-an-image', new TextEncoder().encode('no such thing')],
      ['net/web-page', '<!doctype html><title>Hotel</title>'],
    ];
    for (const [code, content] of cases) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      site.answer = (request, response) => {
        if (request.url?.startsWith('/resources') === true) serveFile(bytes)(request, response);
        else answer(request, response);
      };
      expect([code, (await say('firmware fetch ESP32_GENERIC')).error?.code]).toEqual([code, code]);
      expect(await cached()).toEqual([]);
    }
  });

  it('takes what is in the cache where there is no net, and says so', async () => {
    await say('firmware fetch ESP32_GENERIC --version 1.23.0');
    await rm(here.path('.cache', 'documents'), { recursive: true });
    const gone = { UPYW_FIRMWARE_URL: 'http://127.0.0.1:1/' };
    expect(await say('firmware fetch ESP32_GENERIC', gone)).toMatchObject({
      file: older,
      warnings: [expect.stringContaining('cannot reach') as string],
    });
    expect((await say('firmware fetch ESP32_GENERIC_S3', gone)).error?.code).toBe('net/unreachable');
  });

  it('asks the chip where no board is named, a blank one too', async () => {
    await say('erase -y -p sim:blank?unpaced');
    const fetched = await say('firmware fetch -p sim:blank?unpaced');
    expect(fetched).toMatchObject({ board: 'ESP32_GENERIC', file: newest });
  });

  it('puts it into a folder as well, which is a mirror then, as the cache is and a plain web server', async () => {
    await say('firmware fetch ESP32_GENERIC --to stick');
    const folder = here.path('stick');
    expect(await readdir(folder)).toEqual([newest]);
    for (const url of [folder, 'stick', here.path('.cache', 'firmware')]) {
      const listed = await say('firmware list ESP32_GENERIC', { UPYW_FIRMWARE_URL: url });
      expect(listed['releases']).toMatchObject([{ file: newest }]);
    }
    await rm(here.path('.cache'), { recursive: true });
    expect(await say('firmware fetch esp32', { UPYW_FIRMWARE_URL: folder })).toMatchObject({ file: newest });
    await rm(here.path('.cache'), { recursive: true });
    site.answer = (request, response) => {
      const path = request.url ?? '';
      if (path === '/files/')
        response.end(`<pre><a href="../">..</a> <a href="${newest}">${newest}</a></pre>`);
      else if (path === `/files/${newest}`) serveFile(firmwareNamed(newest))(request, response);
      else response.writeHead(404).end();
    };
    const plain = { UPYW_FIRMWARE_URL: `${site.url.href}files` };
    expect(await say('firmware fetch ESP32_GENERIC', plain)).toMatchObject({ file: newest });
  });

  it('finds a mirror below a path', async () => {
    site.answer = (request, response) => {
      const path = request.url ?? '';
      if (path === '/mirror/download/?port=esp32') response.end(boardsPage([['ESP32_GENERIC', '', '']]));
      else if (path === '/mirror/download/ESP32_GENERIC/') response.end(boardPage([newest]));
      else if (path === `/mirror/resources/firmware/${newest}`)
        serveFile(firmwareNamed(newest))(request, response);
      else response.writeHead(404).end();
    };
    const below = { UPYW_FIRMWARE_URL: `${site.url.href}mirror` };
    expect(await say('firmware fetch ESP32_GENERIC', below)).toMatchObject({ file: newest });
  });
});

it('upyw firmware prune keeps the newest release of each build, and what is not its own', async () => {
  for (const asked of ['', ' --version 1.23.0', ' --preview', ' --variant SPIRAM']) {
    await say(`firmware fetch ESP32_GENERIC${asked}`);
  }
  await writeFile(here.path('.cache', 'firmware', 'notes.txt'), '');
  const part = here.path('.cache', 'firmware', `.${newest}.elsewhere-1-0123abcd.part`);
  await writeFile(part, 'x');
  const planned = await say('firmware prune --dry-run');
  expect(planned['removed']).toEqual(expect.arrayContaining([older, preview]));
  expect(await cached()).toContain(older);
  await say('firmware prune');
  expect((await cached()).filter((name) => !name.endsWith('.sha256')).sort()).toEqual(
    [newest, spiram, 'notes.txt', part.split('/').at(-1)!].sort(),
  );
  await say('firmware prune --all');
  expect((await cached()).filter((name) => name.endsWith('.bin'))).toEqual([]);
});

it('upyw firmware serve offers the cache to the next computer', async () => {
  await say('firmware fetch ESP32_GENERIC');
  const serving = here.start(['--json', 'firmware', 'serve', '--listen', '127.0.0.1:0']);
  const [said] = (await once(serving.stdout, 'data')) as [Buffer];
  const { url, files } = shapes['firmware serve'].parse(JSON.parse(said.toString()));
  expect(files).toEqual([newest]);
  const next = { UPYW_FIRMWARE_URL: url, UPYW_CACHE_DIR: here.path('next') };
  expect((await say('firmware list', next))['boards']).toMatchObject([{ board: 'ESP32_GENERIC' }]);
  expect(await say('firmware fetch ESP32_GENERIC', next)).toMatchObject({ file: newest, wasKept: false });
  expect((await say('firmware list ESP32_GENERIC_S3', next)).error?.code).toBe('firmware/unknown-board');
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(new URL(path, url), init)).status;
  expect(await status(`resources/firmware/${newest}`, { headers: { range: 'bytes=10-' } })).toBe(206);
  expect(await status(`resources/firmware/${newest}`, { method: 'PUT', body: 'x' })).toBe(405);
  for (const path of ['resources/firmware/..%2f..%2fupyw.config.yaml', 'resources/firmware/notes.txt', 'x']) {
    expect(await status(path)).toBe(404);
  }
  serving.kill('SIGINT');
  expect(await serving).toMatchObject({ exitCode: 0 });
});
