import type { ChipDescription } from '../chip-facts.js';

/** What a chip's fuses say of its protection. */
export interface SecurityFuses {
  /** An odd number of bits switches flash encryption on. */
  readonly flashCryptCount: number;
  readonly secureBoot: boolean;
}

/**
 * What upyw needs to be told about chips: of each model where its registers and fuses are and which stub fits. It speaks to the chip
 * through the commands it was made with. All throw `loader/…`, `port/…`, `run/interrupted`.
 */
export interface ChipLibrary {
  /** Finds out which chip answers; everything below is about it. Throws `loader/unknown-chip`. */
  identify(): Promise<void>;
  /** Such as `ESP32-S3`. */
  readonly chipName: string;
  /** The ROM takes only a few commands, by a fuse. */
  readonly isInSecureDownloadMode: boolean;
  /** Whether a stub runs. */
  readonly stubRuns: boolean;
  /** What one command writes with a stub, and without one. */
  readonly stubBlockBytes: number;
  readonly romBlockBytes: number;
  /** A register that every chip has, and that never changes. */
  readonly steadyRegister: number;

  readMac(): Promise<string>;
  /** As the library counts it, which is not the same for all chips. */
  readRevision(): Promise<number | undefined>;
  describe(): Promise<ChipDescription>;
  /** Of chips that answer the question for them: all but the ESP32. */
  readSecurity(): Promise<SecurityFuses>;
  /** The flash chip's JEDEC id, as its register has it: the first byte lowest. */
  readFlashId(): Promise<number>;
  /** What the third byte of that id says, in bytes. Undefined for one it does not know. */
  flashSizeBytes(code: number): number | undefined;

  /** What a chip wants done before anything else. */
  prepare(): Promise<void>;
  /** The chip was restarted: its ROM listens, or the stub that answered. */
  restarted(): void;
  /** Uploads the stub in pieces of so many bytes and starts it, unless one runs. Says whether one runs then. */
  startStub(pieceBytes: number): Promise<boolean>;
}
