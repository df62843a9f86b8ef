import type { Context } from '../../../context.js';
import { withFiles } from '../../../connecting/open-files.js';
import type { TurboOption } from '../../../connecting/open-board.js';
import { boardPath } from '../../../copying/board-operand.js';
import { UpywError } from '../../../errors.js';
import { packageKey, parseSpec } from '../../../packages/spec.js';
import { lookAtPackages } from './look.js';
import { putPackages } from './put-packages.js';
import { resultOf, tellPut } from './report.js';
import { type IndexFlags, withPackageNet } from './session.js';

export interface MipUpdateOptions extends IndexFlags, TurboOption {
  readonly target?: string;
  readonly mpy?: boolean;
}

/** `upyw mip update [NAME…]`: the newest of what was installed; what was asked for with a version keeps that. */
export async function mipUpdate(
  context: Context,
  names: readonly string[],
  options: MipUpdateOptions,
): Promise<void> {
  const { world, reporter } = context;
  const target = options.target === undefined ? undefined : boardPath(options.target, world.platform);
  await withPackageNet(context, options, (session) =>
    withFiles(
      context,
      async (store, live) => {
        const state = await lookAtPackages(context, { store, live }, { target });
        const wanted = names.map((name) => packageKey(parseSpec(name)));
        const unknown = wanted.find((name) => !state.installed.packages.some((each) => each.name === name));
        if (unknown !== undefined)
          throw new UpywError('mip/not-installed', { name: unknown, target: state.target });
        const specs = state.installed.packages
          .filter(({ name, asked }) => (wanted.length === 0 ? asked : wanted.includes(name)))
          .map(({ spec }) => parseSpec(spec));
        const put = await putPackages(
          context,
          session,
          { store, live },
          {
            wanted: { specs, maxAgeMs: 0 },
            target: state.target,
            mpy: options.mpy,
          },
        );
        tellPut(context, put);
        if (put.plan.written.length === 0) reporter.info('everything is as new as it gets');
        reporter.result(resultOf(context, put));
      },
      options,
    ),
  );
}
