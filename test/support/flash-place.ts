import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Ran, Workplace } from './virtual-board.js';

/** Where commands on the whole chip are run, against virtual boards without wire and chip time. */
export class FlashPlace {
  #here: Workplace | undefined;

  /** For the tests of a file: there while they run. */
  static use(): FlashPlace {
    const place = new FlashPlace();
    beforeAll(async () => {
      place.#here = await Workplace.open({ inTest: true });
    });
    afterAll(() => place.here.close());
    return place;
  }

  get here(): Workplace {
    if (this.#here === undefined) throw new Error('no test runs');
    return this.#here;
  }

  get home(): string {
    return this.here.folder;
  }

  /** Runs a command on the board `name`; `options` are those of `sim:`. */
  readonly upyw = (name: string, args: readonly string[], options = ''): Promise<Ran> =>
    this.here.run('-p', `sim:${name}?unpaced${options}`, ...args);

  /** As `upyw`, in a process of its own: errors of the virtual board reach it as they reach a user. */
  readonly inProcess = (name: string, args: readonly string[], options = ''): Promise<Ran> =>
    this.here.start(['-p', `sim:${name}?unpaced${options}`, ...args]);

  readonly json = async (
    name: string,
    args: readonly string[],
    options = '',
  ): Promise<Record<string, unknown>> => {
    const { stdout } = await this.upyw(name, [...args, '--json'], options);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  /** Writes a file into the home of the tests, and returns its name. */
  readonly local = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    await writeFile(join(this.home, name), bytes);
    return name;
  };

  readonly flashOf = (name: string): Promise<Buffer> =>
    readFile(join(this.home, '.boards', name, 'flash.bin'));
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
