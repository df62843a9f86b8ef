import { type Context, createContext } from '../context.js';
import { isUpywError } from '../errors.js';

/** One line of the menu. */
interface Job {
  readonly name: string;
  readonly run: (context: Context) => Promise<void>;
}

const jobs: readonly Job[] = [
  {
    name: 'See what is on the board',
    run: async (context) => (await import('./files/tree.js')).tree(context, undefined),
  },
  {
    name: 'Copy a file to the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file of this computer?');
      await (await import('./files/put.js')).put(context, [file], {});
    },
  },
  {
    name: 'Copy a file from the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file of the board?');
      await (await import('./files/get.js')).get(context, [file], {});
    },
  },
  {
    name: 'Run a file of this computer on the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file?');
      await (await import('./running/run.js')).run(context, file, [], {});
    },
  },
  {
    name: 'Type Python on the board',
    run: async (context) => (await import('./running/repl.js')).repl(context, {}),
  },
  {
    name: 'Restart the board',
    run: async (context) => (await import('./running/reset.js')).reset(context, {}),
  },
  {
    name: 'Put the board into your Wi-Fi',
    run: async (context) =>
      (await import('./setup/provision.js')).provision(context, { check: true, wifi: true }),
  },
  {
    name: 'Copy the whole flash to a file (backup)',
    run: async (context) => (await import('./chip/backup.js')).backup(context, undefined, {}),
  },
  {
    name: 'Put MicroPython on the chip (flash)',
    run: async (context) => {
      const file = await context.world.prompts.input('Which firmware file (.bin or .zip)?');
      await (await import('./chip/flash.js')).flash(context, file, {});
    },
  },
];

/**
 * `upyw` alone on a terminal: pick a port, pick a job, until the user has enough. A job that fails is told, and the menu goes on.
 * Ctrl-C at a question of a job leads back here, at one of the menu out of it, which is no failure.
 */
export async function menu(context: Context, printHelp: () => void): Promise<void> {
  const chosen = await unlessLeft(context, withChosenPort(context));
  if (chosen === undefined) return;
  const help: Job = { name: 'Help: every command of upyw', run: () => Promise.resolve().then(printHelp) };
  const choices = [
    ...[...jobs, help].map((job) => ({ name: job.name, value: job })),
    { name: 'Leave', value: undefined },
  ];
  for (;;) {
    const question = context.world.prompts.select('What would you like to do?', choices);
    const job = await unlessLeft(context, question);
    if (job === undefined) return;
    try {
      await unlessLeft(context, job.run(chosen));
    } catch (error) {
      if (context.world.signal.aborted) throw error;
      context.reporter.fail(error);
    }
  }
}

/** Undefined where a question was left by Ctrl-C; a signal, or the interruption of what was under way, is one as anywhere. */
async function unlessLeft<Answer>({ world }: Context, answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUpywError(error, 'run/interrupted') && !world.signal.aborted) return undefined;
    throw error;
  }
}

/** Asks for the port, unless a flag, the environment or a config names one. */
async function withChosenPort(context: Context): Promise<Context> {
  const { world, reporter, flags, loadSettings } = context;
  const { values } = await loadSettings();
  if (values.port !== 'auto') return context;
  const found = await world.listPorts();
  const choices = [
    ...found.map(({ path, bridge }) => ({
      name: bridge === undefined ? path : `${path} (${bridge})`,
      value: path,
    })),
    { name: 'a virtual board, no hardware needed', value: 'sim:' },
  ];
  const port = await world.prompts.select('Which board?', choices);
  return createContext(world, reporter, { ...flags, settings: { ...flags.settings, port } });
}
