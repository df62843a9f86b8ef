import type { Context } from '../../../context.js';
import type { Conceal } from '../../../provision/plan.js';
import { type UndoPlan, applyUndo, planUndo } from '../../../provision/undo.js';
import { concealed } from '../../../transport/concealed.js';
import { libraryFiles } from '../../../provision/wanted-files.js';
import { shownPath } from '../../../ui/shown-path.js';
import { withFiles } from '../../../connecting/open-files.js';

/** `upyw provision --undo`: takes out what provisioning put in; what was changed since then stays. */
export async function undoProvision(context: Context): Promise<void> {
  const { reporter, world, flags } = context;
  const libraries = await libraryFiles();
  await withFiles(context, async (board, live) => {
    const conceal: Conceal = (work) => (live === undefined ? work() : concealed(live.port, work));
    const plan = await planUndo(board, libraries, { conceal, signal: world.signal });
    if (!flags.dryRun) await applyUndo(board, plan, { signal: world.signal });
    const { removed, kept, stays } = plan;
    const boot = bootState(plan);
    const restored = plan.restored.map(({ path }) => path);
    reporter.result(
      { dryRun: flags.dryRun, boot, removed, kept, stays, restored, missedImports: plan.missedImports },
      describe(plan, flags.dryRun),
    );
  });
}

function bootState({ boot }: UndoPlan): 'same' | 'changed' | 'removed' {
  if (boot === undefined) return 'same';
  return boot === 'missing' ? 'removed' : 'changed';
}

function describe(plan: UndoPlan, isDryRun: boolean): string {
  const { kept, stays } = plan;
  const restored = plan.restored.flatMap(({ path, copyPath }) => (copyPath === undefined ? [] : path));
  const removed = plan.removed.filter((path) => !restored.includes(path));
  const { missedImports } = plan;
  const missed =
    missedImports.length === 0
      ? ''
      : `, and will stop with an ImportError: it needs ${missedImports.join(', ')}. To remove it: upyw rm :main.py`;
  const tense = isDryRun ? 'would be ' : '';
  const boot = {
    same: 'boot.py has no lines of upyw provision',
    changed: `the lines in boot.py ${isDryRun ? 'would be' : 'are'} taken out`,
    removed: `boot.py, which had only those lines, ${isDryRun ? 'would be' : 'is'} removed`,
  }[bootState(plan)];
  return [
    boot,
    ...(removed.length === 0 ? [] : [`${tense}removed: ${removed.map(shownPath).join(' ')}`]),
    ...(restored.length === 0
      ? []
      : [`${tense}as before provisioning: ${restored.map(shownPath).join(' ')}`]),
    ...(kept.length === 0 ? [] : [`changed since then, and kept: ${kept.map(shownPath).join(' ')}`]),
    ...stays.map((path) => `${shownPath(path)} stays as it is${missed}`),
  ].join('\n');
}
