/** Which old content is worth keeping. */
export interface KeepsOld {
  /** Tells what provisioning has made, and need not be kept. */
  readonly isOurs?: (bytes: Uint8Array) => boolean;
  /** Only the one that was there first: what followed came from here. */
  readonly onlyFirst?: boolean;
}

/** A file that the board is to have. */
export interface WantedFile {
  /** On the board, from the root. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** It holds a password: it is not shown, also not by what records the wire. */
  readonly isSecret?: boolean;
  /** What is on the board already stays, whatever it is. */
  readonly isKept?: boolean;
  /** What it takes the place of is kept under another name. */
  readonly keepsOld?: KeepsOld;
}

/** What becomes of a file; `kept`: the board has another one, which stays. */
export type FileState = 'new' | 'changed' | 'same' | 'kept';

export interface PlannedFile extends WantedFile {
  readonly state: FileState;
}
