import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { World } from '../../src/world.js';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { type ConsoleStep, isAsShown, readConsoleBlock } from '../support/console-block.js';
import { type Block, papers } from '../support/papers.js';
import { MemoryOutput } from '../support/memory-output.js';
import { runInWorld } from '../support/memory-world.js';
import { shellWords } from '../support/shell-words.js';
import { lookForSecrets } from '../support/secrets.js';
import { describeWith } from '../support/systems.js';
import { cleanEnv, executable } from '../support/upyw.js';
import { Workplace } from '../support/virtual-board.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = papers
  .filter(({ blocks }) => blocks.some(({ language }) => language === 'console'))
  .map(({ path, blocks }) => [path, blocks] as const);

/**
 * Each page has a virtual board and a folder of its own. Its blocks run one after the other, as a reader would type them; a block of
 * code that has a file's name behind its language is written to that file.
 */
describeWith('a POSIX shell', 'what the papers show is what happens', () => {
  it.each(pages)('%s', { timeout: 120_000 }, async (_path, blocks) => {
    const here = await Workplace.open({ served: true, inTest: true });
    try {
      await followPage(blocks, await Reader.arrive(here));
    } finally {
      await here.close();
    }
  });
});

async function followPage(blocks: readonly Block[], reader: Reader): Promise<void> {
  for (const { language, name, text } of blocks) {
    if (name !== undefined) await reader.save(name, text);
    if (language !== 'console') continue;
    for (const step of readConsoleBlock(text)) await reader.type(step);
  }
}

/** Somebody in a new folder, with `upyw` installed and a board plugged in. */
class Reader {
  private constructor(
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly world: Partial<World>,
  ) {}

  /** Beside the project's folder is the one for downloads, with what the pages say was downloaded. */
  static async arrive(here: Workplace): Promise<Reader> {
    for (const name of ['bin', 'Downloads', 'project/node_modules'])
      await mkdir(here.path(name), { recursive: true });
    await writeFile(here.path('Downloads/ESP32_GENERIC-20250911-v1.26.1.bin'), buildStandIn());
    await symlink(root, here.path('project/node_modules/upyw'));
    const upyw = here.path('bin/upyw');
    await writeFile(upyw, `#!/bin/sh\nexec "${process.execPath}" "${executable}" "$@"\n`);
    await chmod(upyw, 0o755);
    const env = cleanEnv(here.folder, {
      ...here.env,
      UPYW_PORT: 'sim:',
      UPYW_WIFI_PASSWORD: 'as-typed-at-the-question',
    });
    const path = [here.path('bin'), dirname(process.execPath), env['PATH']].join(delimiter);
    return new Reader(here.path('project'), { ...env, PATH: path }, here.world);
  }

  async save(name: string, text: string): Promise<void> {
    const target = join(this.folder, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, `${text}\n`);
  }

  async type({ command, shown, fails }: ConsoleStep): Promise<void> {
    const { stdout, exitCode } = await (needsShell(command) ? this.#inShell(command) : this.#inTest(command));
    expect({ command, fails: exitCode !== 0, output: stdout }).toMatchObject({ command, fails });
    if (shown !== undefined && !isAsShown(stdout, shown)) expect(stdout, command).toBe(shown);
  }

  /** Both streams are one, as on a terminal. */
  async #inShell(command: string) {
    const { stdout, exitCode } = await execa('sh', ['-c', `{ ${command}\n} 2>&1`], {
      cwd: this.folder,
      env: this.env,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
    });
    lookForSecrets({ args: command.split(' '), env: this.env, stdout });
    return { stdout, exitCode };
  }

  async #inTest(command: string) {
    const [, ...words] = shellWords(command);
    const output = new MemoryOutput();
    const { exitCode } = await runInWorld(words, {
      ...this.world,
      cwd: this.folder,
      env: this.env,
      stdout: output,
      stderr: output,
    });
    return { stdout: output.text, exitCode };
  }
}

/** All but a plain command of ours, which takes a third of the time within the test. What resets the chip runs as it does for a reader. */
function needsShell(command: string): boolean {
  return (
    !/^upyw (?!demo|sim |flash|backup|restore|verify|chip)[^|<>;&$*?`{]*$/.test(command) ||
    /".*'|'.*"/.test(command)
  );
}
