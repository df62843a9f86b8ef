/** How to get a board into its loader. */
export interface EnterOptions {
  /**
   * Called when the lines do not get the board into its loader, so that a person does it: hold BOOT, tap EN, let BOOT go.
   * Without it that is `loader/no-sync` at once.
   */
  readonly onByHand?: (() => void) | undefined;
  /** How long that person has. */
  readonly byHandTimeoutMs?: number | undefined;
}

export interface LoaderOptions extends EnterOptions {
  /** The rate to aim for; lower ones are tried when the line does not carry it. Default 921600. */
  readonly baudRate?: number | undefined;
  /** `false`: works with the mask ROM alone, slower. */
  readonly stub?: boolean | undefined;
  /** Ends everything: connecting and all that is done with the loader. */
  readonly signal?: AbortSignal | undefined;
  /** A line for the user about something that went another way than asked for. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}
