import type { Context } from '../../../context.js';
import { withFiles } from '../../../connecting/open-files.js';
import type { TurboOption } from '../../../connecting/open-board.js';
import { UpywError } from '../../../errors.js';
import { parseSpec, specText } from '../../../packages/spec.js';
import { boardPath } from '../../../copying/board-operand.js';
import { lockedWanted, projectPackages, savePackages, writeLock } from './project.js';
import { beginDownload, putPackages } from './put-packages.js';
import { resultOf, tellPut } from './report.js';
import { type IndexFlags, withPackageNet } from './session.js';

export interface MipInstallOptions extends IndexFlags, TurboOption {
  readonly target?: string;
  /** True with `--mpy`, false with `--no-mpy`. */
  readonly mpy?: boolean;
  readonly save?: true;
}

/** `upyw mip install [NAME…]`: packages and what they need; without names those of the configuration. */
export async function mipInstall(
  context: Context,
  names: readonly string[],
  options: MipInstallOptions,
): Promise<void> {
  const named = names.map(parseSpec);
  await withPackageNet(context, options, async (session) => {
    const project = await projectPackages(context);
    const isProject = named.length === 0;
    if (isProject && project.specs.length === 0) throw nothingNamed();
    const added = options.save === true || isProject ? project.specs : [];
    const texts = [...new Set([...added, ...named.map(specText)])];
    const lock = isProject ? await lockedWanted(project, session.index, options.mpy) : undefined;
    const wanted = lock ?? { specs: texts.map(parseSpec) };
    const { mpy } = options;
    const early = beginDownload(context, session, { wanted, mpy });
    const put = await withFiles(
      context,
      (store, live) =>
        putPackages(
          context,
          session,
          { store, live },
          { wanted, target: targetOf(context, options.target), mpy },
          early,
        ),
      options,
    );
    tellPut(context, put);
    if (!context.flags.dryRun) {
      if (options.save === true) await savePackages(context, project, named.map(specText));
      if ((options.save === true || isProject) && lock === undefined) await writeLock(context, project, put);
    }
    context.reporter.result(resultOf(context, put));
  });
}

function targetOf({ world }: Context, target: string | undefined): string | undefined {
  return target === undefined ? undefined : boardPath(target, world.platform);
}

function nothingNamed(): UpywError {
  const problem = 'no package is named, and the configuration has none under packages:';
  const instead = 'Name some: upyw mip install umqtt.simple; --save also writes them into the configuration';
  return new UpywError('usage/arguments', { problem, command: 'upyw mip install', instead });
}
