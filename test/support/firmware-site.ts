import { buildApp, buildFirmware } from './images.js';
import { type WebServer, serveFile, startWebServer } from './web-server.js';

/** Chips that files can be for, with what their images say. */
const chips = {
  ESP32: { chipId: 0, bootloaderOffset: 0x1000 },
  'ESP32-S3': { chipId: 9, bootloaderOffset: 0 },
} as const;

/** The firmware that a file's name promises. */
export function firmwareNamed(
  file: string,
  chip: keyof typeof chips = 'ESP32',
  sizeBytes = 50_000,
): Uint8Array {
  const [, date = '', version = ''] = /-(\d{8})-(?:unstable-)?(v.*)\.bin$/.exec(file) ?? [];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const { chipId, bootloaderOffset } = chips[chip];
  const app = buildApp(sizeBytes, { chipId, banner: `MicroPython ${version} on ${day}` });
  return buildFirmware({ chipId, bootloaderOffset, app });
}

/** What a page has between the parts that are known. */
const unknown = `
<script>const card = '<a class="board-card" href="NOT_A_BOARD">';</script>
<!-- <a class="board-card" href="OLD_BOARD"></a> <a href="/resources/firmware/OLD-20200101-v1.0.bin">old</a> -->
<section data-x="<a>"><form><input name=q><a href=/about title="a > b">About</a></form>
<table><tr><td><a href="https://elsewhere.example/x.bin">other</a></table><svg><path d="M0 0"/></svg>`;

/** micropython.org/download/?port=esp32 in the form of November 2026. */
export function boardsPage(boards: readonly (readonly [string, string, string])[]): string {
  const cards = boards.map(
    ([board, product, vendor]) => `<a
   class="wide board-card" href="${board}" data-new><div class="board-image"><img src="/resources/${board}.jpg"></div>
   <div class="board-product">${product}</div> <div class="board-vendor">${vendor}</div></a>${unknown}`,
  );
  return `<!DOCTYPE html><html><head><title>MicroPython - Python for microcontrollers</title></head><body>
${unknown}<h1>Downloads</h1>${cards.join('\n')}</body></html>`;
}

/** A board's page. */
export function boardPage(files: readonly string[]): string {
  const line = (file: string) =>
    `<p><strong><a href="/resources/firmware/${file}">${/-(v.*)\.bin$/.exec(file)?.[1] ?? ''} .bin</a></strong> /
<a href="/resources/firmware/${file.replace(/bin$/, 'app-bin')}">[.app-bin]</a> / <a href='/resources/firmware/${file.replace(/bin$/, 'elf')}'>[.elf]</a>
/ <a href="/resources/firmware/${file.replace(/bin$/, 'map')}">[.map]</a> / <a href="https://github.com/micropython/micropython/releases">[Release notes]</a></p>`;
  return `<!DOCTYPE html><html><head><title>MicroPython - board</title></head><body>${unknown}
<h2>Firmware</h2><h3>Releases</h3>${files.map(line).join(unknown)}<h3>Preview builds</h3>${unknown}</body></html>`;
}

/** micropython.org on this computer, with these files for these boards; files are made as they are asked for. */
export async function startFirmwareSite(
  boards: Readonly<Record<string, readonly string[]>>,
): Promise<WebServer> {
  return startWebServer((request, response) => {
    const path = request.url ?? '';
    const send = (page: string) => void response.setHeader('content-type', 'text/html').end(page);
    const file = /^\/resources\/firmware\/(.*)$/.exec(path)?.[1];
    const board = /^\/download\/([^/?]+)\/$/.exec(path)?.[1];
    if (file !== undefined) {
      serveFile(firmwareNamed(file, file.includes('_S3') ? 'ESP32-S3' : 'ESP32'))(request, response);
    } else if (board !== undefined && boards[board] !== undefined) send(boardPage(boards[board]));
    else if (path === '/download/?port=esp32') {
      send(boardsPage(Object.keys(boards).map((each) => [each, `${each} board`, 'Espressif'])));
    } else response.writeHead(404).end('<html><title>Not found</title></html>');
  });
}
