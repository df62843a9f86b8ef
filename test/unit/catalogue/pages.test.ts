import { expect, it } from 'vitest';
import { parseBoardList, parseReleases } from '../../../src/catalogue/pages.js';
import { boardPage, boardsPage } from '../../support/firmware-site.js';

it('reads the list of boards, whatever else is on the page', () => {
  const page = boardsPage([
    ['ESP32_GENERIC', 'ESP32 / WROOM', 'Espressif'],
    ['UM_TINYPICO', 'TinyPICO &amp; more', 'Unexpected&nbsp;Maker'],
  ]);
  expect(parseBoardList(page)).toEqual([
    { board: 'ESP32_GENERIC', product: 'ESP32 / WROOM', vendor: 'Espressif' },
    { board: 'UM_TINYPICO', product: 'TinyPICO & more', vendor: 'Unexpected Maker' },
  ]);
});

it("reads a board's files under whatever heading, and none of what is no firmware", () => {
  const files = [
    'ESP32_GENERIC-20250911-v1.26.1.bin',
    'ESP32_GENERIC-SPIRAM-20240222-v1.22.2.bin',
    'esp32-20220117-v1.18.bin',
  ];
  expect(parseReleases(boardPage(files)).map(({ file, href }) => [file, href])).toEqual(
    files.map((file) => [file, `/resources/firmware/${file}`]),
  );
});

it("reads a web server's list of a folder", () => {
  const list =
    '<ul><li><a href="ESP32_GENERIC-20250911-v1.26.1.bin">ESP32…</a><li><A HREF=notes.txt>notes</A></ul>';
  expect(parseReleases(list)).toMatchObject([{ board: 'ESP32_GENERIC', version: { text: 'v1.26.1' } }]);
});

it('stays with what it is given: half a page, a page of nothing, a page that would take a bad reader for ever', () => {
  const page = boardsPage([['ESP32_GENERIC', 'a', 'b']]);
  for (let end = 0; end < page.length; end += 7) parseBoardList(page.slice(0, end));
  expect(parseBoardList('')).toEqual([]);
  expect(parseReleases('<a '.repeat(100_000))).toEqual([]);
  expect(parseBoardList('<a class="board-card" href="X">'.repeat(5000))).toHaveLength(1);
  const started = performance.now();
  for (const start of ['<a ', '<a class="board-card" ', '<script ', '<!-- ', '<a href="', '&#']) {
    parseReleases(start.repeat(200_000));
    parseBoardList(start.repeat(200_000));
  }
  expect(performance.now() - started).toBeLessThan(5000);
  expect(parseReleases('<a href="%zz-20250911-v1.26.1.bin">&#x110000;&bogus;</a>')).toEqual([]);
});
