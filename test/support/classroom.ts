import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { World } from '../../src/world.js';
import { Hub } from './hub.js';
import { type RunResult, runInWorld } from './memory-world.js';
import { Workplace } from './virtual-board.js';

/** The ports of the three boards: device1, device2 and device3. */
export const ports = ['/dev/ttyUSB0', '/dev/ttyUSB1', '/dev/ttyUSB2'];

/** A line of `--json`, as far as tests look at it. */
export interface Event {
  readonly event: string;
  readonly board?: string;
  readonly ok?: boolean;
  readonly boards?: { board: string; port: string; result: string; error?: { code: string } }[];
  readonly skipped?: { port: string; what: string }[];
}

/** A folder, and a hub with three virtual boards that have names; each test has them plugged in anew. */
export class Classroom {
  here!: Workplace;
  hub = new Hub();

  static use(): Classroom {
    const room = new Classroom();
    beforeAll(async () => {
      room.here = await Workplace.open({ inTest: true });
      await writeFile(room.here.path('package.json'), '{}');
      await writeFile(room.here.path('main.py'), 'print("main")\n');
      room.plugAll();
      await room.run('-p', 'all', 'name', '--number', 'device%d');
    });
    afterAll(() => room.here.close());
    beforeEach(() => {
      room.plugAll();
    });
    return room;
  }

  plugAll(): void {
    this.hub = new Hub();
    for (const [index, path] of ports.entries()) this.hub.plug(path, `sim:fleet${index}?unpaced`);
  }

  get world(): Partial<World> {
    return { ...this.here.world, ...this.hub.world };
  }

  run(...args: string[]): Promise<RunResult> {
    return runInWorld(args, this.world);
  }

  runIn(more: Partial<World>, ...args: string[]): Promise<RunResult> {
    return runInWorld(args, { ...this.world, ...more });
  }

  async events(...args: string[]): Promise<Event[]> {
    return eventsIn((await this.run('--json', ...args)).stdout);
  }
}

export function eventsIn(stdout: string): Event[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

/** By board: the code of what went wrong, else the result. */
export function results(all: readonly Event[]): Record<string, string> {
  const boards = all.at(-1)?.boards ?? [];
  return Object.fromEntries(boards.map(({ board, result, error }) => [board, error?.code ?? result]));
}
