import type { Progress, Reporter } from './reporter.js';

/** Shows a bar while `work` goes on, which says how far it is; nothing remains of it when that fails. */
export async function withProgress<Result>(
  reporter: Reporter,
  label: string,
  totalBytes: number,
  work: (update: Progress['update']) => Promise<Result>,
): Promise<Result> {
  const progress = reporter.progress(label, totalBytes);
  try {
    const result = await work(progress.update);
    progress.finish();
    return result;
  } catch (error) {
    progress.stop();
    throw error;
  }
}
