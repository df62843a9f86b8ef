// Writes docs/terminal.svg: the first steps with a board, as a terminal shows them. After `npm run build`: node docs/record-terminal.js
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import terminals from '@xterm/headless';
import { buildStandIn } from '../build/sim/chip/stand-in.js';

const steps = [
  'upyw flash ESP32_GENERIC-20250911-v1.26.1.bin',
  'upyw provision --ssid workshop',
  'upyw run blink.py',
  'upyw ls -l',
];
const blink = 'import io\nfor _ in range(3):\n    io.blink(1)\nprint("done")\n';

const upyw = join(import.meta.dirname, '../bin/upyw.js');
const columns = 84;
const rows = 22;
/** Of a character, in the SVG's units. */
const width = 8;
const height = 18;
const border = 12;
/** Nothing moves for longer than this. */
const longestPauseMs = 700;
const keyMs = 45;
const lastPauseMs = 4000;

const palette = { text: '#d0d7de', back: '#0d1117', dim: '#848d97' };
/** As ANSI counts them: black to white, then the bright ones. */
const ansi = '#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4'.split(' ');
const bright = '#6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #ffffff'.split(' ');

const terminal = new terminals.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: false });
/** @type {{ atMs: number, lines: string[] }[]} */
const frames = [];
let nowMs = 0;

const write = (text) => new Promise((resolve) => terminal.write(text, resolve));
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function colourOf(cell) {
  if (!cell.isFgPalette()) return cell.isDim() ? palette.dim : palette.text;
  return [...ansi, ...bright][cell.getFgColor()] ?? palette.text;
}

/** One line of the screen as SVG: a <tspan> for all that stands side by side and looks alike. */
function drawnLine(line) {
  const runs = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line?.getCell(column);
    const text = cell?.getChars() || ' ';
    const style = cell === undefined ? '' : `${colourOf(cell)}${cell.isBold() ? ' bold' : ''}`;
    const last = runs.at(-1);
    if (last !== undefined && (last.style === style || text === ' ')) last.text += text;
    else runs.push({ style, text, column });
  }
  return runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ style, text, column }) => {
      const [colour, bold] = style.split(' ');
      const weight = bold === undefined ? '' : ' font-weight="bold"';
      const shown = text.trimEnd();
      return `<tspan x="${column * width}" fill="${colour}"${weight} textLength="${shown.length * width}">${escaped(shown)}</tspan>`;
    })
    .join('');
}

function takeFrame(afterMs) {
  nowMs += Math.min(afterMs, longestPauseMs);
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) => drawnLine(active.getLine(active.baseY + row)));
  const last = frames.at(-1);
  if (last?.lines.join('\n') !== lines.join('\n')) frames.push({ atMs: nowMs, lines });
}

async function run(command, options) {
  await write('\x1b[32m$\x1b[0m ');
  takeFrame(longestPauseMs);
  for (const key of command) {
    await write(key);
    takeFrame(keyMs);
  }
  await write('\r\n');
  takeFrame(keyMs);
  const [, ...words] = command.split(' ');
  const program = spawn(process.execPath, [upyw, ...words], options);
  let since = performance.now();
  let shown = Promise.resolve();
  program.onData((text) => {
    if (text.includes('(y/N)')) setTimeout(() => program.write('y\r'), longestPauseMs);
    const at = performance.now();
    shown = shown.then(async () => {
      await write(text);
      takeFrame(at - since);
      since = at;
    });
  });
  const { exitCode } = await new Promise((resolve) => program.onExit(resolve));
  await shown;
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}`);
}

/** All frames stand below each other, and the picture jumps from one to the next. A line that comes again is drawn once. */
function film() {
  const ids = new Map([['', undefined]]);
  for (const line of frames.flatMap(({ lines }) => lines)) if (!ids.has(line)) ids.set(line, `l${ids.size}`);
  const totalMs = nowMs + lastPauseMs;
  const frameHeight = rows * height;
  const jumps = frames.map(
    ({ atMs }, nth) =>
      `${((atMs / totalMs) * 100).toFixed(3)}%{transform:translateY(${-nth * frameHeight}px)}`,
  );
  const drawn = [...ids]
    .filter(([, id]) => id !== undefined)
    .map(([line, id]) => `<text id="${id}">${line}</text>`);
  const placed = frames.flatMap(({ lines }, frame) =>
    lines.flatMap((line, row) => {
      const id = ids.get(line);
      const y = frame * frameHeight + (row + 0.75) * height;
      return id === undefined ? [] : [`<use href="#${id}" y="${y}"/>`];
    }),
  );
  const [fullWidth, fullHeight] = [columns * width + 2 * border, frameHeight + 2 * border];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" role="img" aria-label="A terminal: ${steps.join('; ')}">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
@keyframes film{${jumps.join('')}}
.film{animation:film ${totalMs.toFixed(0)}ms step-end infinite}</style>
<defs>${drawn.join('\n')}</defs>
<rect width="100%" height="100%" rx="8" fill="${palette.back}"/>
<svg x="${border}" y="${border}" width="${columns * width}" height="${frameHeight}"><g class="film">
${placed.join('\n')}
</g></svg>
</svg>
`;
}

const folder = mkdtempSync(join(tmpdir(), 'upyw-recording-'));
try {
  writeFileSync(join(folder, 'ESP32_GENERIC-20250911-v1.26.1.bin'), buildStandIn());
  writeFileSync(join(folder, 'blink.py'), blink);
  const env = {
    PATH: process.env['PATH'],
    TERM: 'xterm-256color',
    HOME: folder,
    UPYW_SIM_DIR: folder,
    UPYW_PORT: 'sim:desk1',
    UPYW_WIFI_PASSWORD: 'as-typed-at-the-question',
  };
  // A chip as it comes from its maker.
  execFileSync(process.execPath, [upyw, 'erase', '--yes'], { cwd: folder, env, stdio: 'ignore' });
  for (const step of steps) await run(step, { cols: columns, rows, cwd: folder, env });
  await write('\x1b[32m$\x1b[0m ');
  takeFrame(longestPauseMs);
  writeFileSync(join(import.meta.dirname, 'terminal.svg'), film());
} finally {
  rmSync(folder, { recursive: true });
}
