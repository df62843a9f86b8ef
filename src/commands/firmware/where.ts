import { join } from 'node:path';
import { chooseRelease } from '../../catalogue/choose-release.js';
import { parseBoard } from '../../catalogue/release.js';
import type { Context } from '../../context.js';
import { withStore } from './open-store.js';

export interface WhereOptions {
  readonly variant?: string;
  readonly version?: string;
  readonly preview?: true;
}

/** `upyw firmware where [BOARD]`: the cache's folder, or the file in it that fits. Asks nobody. */
export async function firmwareWhere(
  context: Context,
  named: string | undefined,
  options: WhereOptions,
): Promise<void> {
  await withStore(context, {}, async ({ store }) => {
    const { folder } = store.cache;
    if (named === undefined) {
      context.reporter.result({ folder }, folder);
      return;
    }
    const { board, variant } = parseBoard(named);
    const kept = (await store.kept()).filter((each) => each.board === board);
    const wish = { board, variant: options.variant ?? variant, ...pickVersion(options) };
    const path = join(folder, chooseRelease(kept, wish).file);
    context.reporter.result({ folder, path }, path);
  });
}

function pickVersion({ version, preview }: WhereOptions) {
  return { version, preview };
}
