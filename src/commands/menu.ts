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
    run: async (context) => (await import('./tree.js')).tree(context, undefined),
  },
  {
    name: 'Copy a file to the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file of this computer?');
      await (await import('./put.js')).put(context, [file], {});
    },
  },
  {
    name: 'Copy a file from the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file of the board?');
      await (await import('./get.js')).get(context, [file], {});
    },
  },
  {
    name: 'Run a file of this computer on the board',
    run: async (context) => {
      const file = await context.world.prompts.input('Which file?');
      await (await import('./run.js')).run(context, file, [], {});
    },
  },
  { name: 'Type Python on the board', run: async (context) => (await import('./repl.js')).repl(context, {}) },
  { name: 'Restart the board', run: async (context) => (await import('./reset.js')).reset(context, {}) },
];

/** `upyw` alone on a terminal: pick a port, pick a job, until the user has enough. A job that fails is told, and the menu goes on. */
export async function menu(context: Context): Promise<void> {
  const chosen = await withChosenPort(context);
  const choices = [
    ...jobs.map((job) => ({ name: job.name, value: job })),
    { name: 'Leave', value: undefined },
  ];
  for (;;) {
    const job = await context.world.prompts.select('What would you like to do?', choices);
    if (job === undefined) return;
    try {
      await job.run(chosen);
    } catch (error) {
      if (context.world.signal.aborted || isUpywError(error, 'run/interrupted')) throw error;
      context.reporter.fail(error);
    }
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
