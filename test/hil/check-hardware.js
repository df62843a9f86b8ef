/**
 * The contract suite against a real board, on any system, with a report to send. The board must have no files but boot.py.
 * Usage: npm run check:hardware -- COM3
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const upyw = join(root, 'bin/upyw.js');
const reportName = `upyw-hardware-${process.platform}-${new Date().toISOString().slice(0, 10)}.md`;

const port = process.argv[2] ?? process.env['UPYW_TEST_PORT'];
if (port === undefined) {
  process.stderr.write('Name the port: npm run check:hardware -- COM3. See which are here: npx upyw list\n');
  process.exit(2);
}
const results = runTests(port);
writeFileSync(reportName, report(port, results));
process.stdout.write(
  `\nThe report: ${reportName}. Fill in what is to be looked at, and send it with an issue.\n`,
);
process.exit(results.every(({ status }) => status !== 'failed') ? 0 : 1);

/**
 * @param {string} port
 * @returns {{ fullName: string, status: string, duration?: number, failureMessages: string[] }[]}
 */
function runTests(port) {
  const folder = mkdtempSync(join(tmpdir(), 'upyw-hardware-'));
  const output = join(folder, 'results.json');
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
    spawnSync(process.execPath, [vitest, 'run', 'test/hil', ...reporters], {
      cwd: root,
      env: { ...process.env, UPYW_TEST_PORT: port },
      stdio: 'inherit',
    });
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    return testResults.flatMap((/** @type {{ assertionResults: object[] }} */ file) => file.assertionResults);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} port
 * @param {ReturnType<typeof runTests>} results
 */
function report(port, results) {
  const lines = results.map(({ fullName, status, duration = 0, failureMessages }) =>
    [
      `- ${status} (${Math.round(duration)} ms): ${fullName}`,
      ...failureMessages.map((message) => `\n  ${message.split('\n')[0]}\n`),
    ].join('\n'),
  );
  return `# upyw on a real board

- upyw ${ask('--version')}, Node.js ${process.version}, ${process.platform} ${release()} ${process.arch}
- port: ${port}

## What it is

\`\`\`
${ports()}
${ask('chip', '-p', port)}
${ask('exec', 'import sys; print(sys.version, sys.implementation)', '-p', port)}
\`\`\`

## What was tested

${lines.join('\n')}

## What a person has looked at (CONTRIBUTING.md, "Ten minutes with a laptop")

${steps().join('\n')}
`;
}

/** What upyw answers, without what would tell one board from all others. @param {string[]} args */
function ask(...args) {
  const { stdout, stderr } = spawnSync(process.execPath, [upyw, ...args], { encoding: 'utf8' });
  return `${stdout}${stderr}`
    .trim()
    .replaceAll(/((?:[0-9a-f]{2}:){3})(?:[0-9a-f]{2}:){2}[0-9a-f]{2}/gi, '$1…');
}

/** The serial ports, without their serial numbers. */
function ports() {
  const { ports = [] } = JSON.parse(ask('list', '--json'));
  return ports
    .map(
      (
        /** @type {{ path: string, usb?: { vendorId: string, productId: string }, bridge?: string, manufacturer?: string }} */ port,
      ) =>
        `${port.path} ${port.usb?.vendorId ?? '-'}:${port.usb?.productId ?? '-'} ${port.bridge ?? ''} ${port.manufacturer ?? ''}`,
    )
    .join('\n');
}

/** The list of CONTRIBUTING.md, to be ticked. */
function steps() {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, section = ''] = text.split('### Ten minutes with a laptop\n');
  return section
    .split('\n')
    .filter((line) => /^\d+\. /.test(line))
    .map((line) => line.replace(/^\d+\. /, '- [ ] '));
}
