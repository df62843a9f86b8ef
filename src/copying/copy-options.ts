/** What of a file says how long it takes. */
interface Sized {
  readonly remote: string;
  readonly sizeBytes: number;
}

/** A part of a copy that may take long; `copy` moves bytes, `compare` only looks. */
export type Phase = 'compare' | 'copy';

/** Does the work of a phase, and may show meanwhile how many bytes of these files are done. */
export type DuringPhase = <Result>(
  phase: Phase,
  files: readonly Sized[],
  work: (onProgress: (doneBytes: number) => void) => Promise<Result>,
) => Promise<Result>;

/** What an operation is handed by whoever asked for it: it knows no terminal. */
export interface CopyOptions {
  /** Ends it with `run/interrupted`. */
  readonly signal: AbortSignal;
  readonly during: DuringPhase;
  /** Hears of what is done in another way than usual. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** What passes the wire is recorded: files that hold secrets are left out of the record. */
  readonly isRecorded?: boolean | undefined;
}

export function totalBytesOf(files: readonly Pick<Sized, 'sizeBytes'>[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
