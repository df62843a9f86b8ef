import type { Context } from '../../context.js';
import { type CopyOptions, type DuringPhase, totalBytesOf } from '../../copying/copy-options.js';
import { describeFiles } from '../../ui/describe-files.js';
import type { Reporter } from '../../ui/reporter.js';
import { withProgress } from '../../ui/with-progress.js';

/** A copy on behalf of a command: with its bars, of which the one of `copy` is called `verb`, and the names of the files unless `what` names them. */
export function copyOptions({ reporter, world, flags }: Context, verb: string, what?: string): CopyOptions {
  return {
    signal: world.signal,
    during: barFor(reporter, verb, what),
    onNote: (text) => {
      reporter.debug(text);
    },
    isRecorded: flags.trace !== undefined,
  };
}

function barFor(reporter: Reporter, verb: string, what: string | undefined): DuringPhase {
  return async (phase, files, work) => {
    const totalBytes = totalBytesOf(files);
    if (phase === 'copy')
      return withProgress(reporter, `${verb} ${what ?? describeFiles(files)}`, totalBytes, work);
    // How it went tells the result.
    const progress = reporter.progress('compare', totalBytes);
    return work(progress.update).finally(progress.stop);
  };
}
