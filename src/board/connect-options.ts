export interface ConnectOptions {
  /** How long to try to get the board's attention, in ms; default 10 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long the board may say nothing in the middle of a transfer before it is asked; after as long again it is given up. */
  readonly patienceMs?: number | undefined;
  /** Hears in plain words when a transfer does not go the usual way; as a warning what matters even when all goes well. */
  readonly onNote?: ((text: string, level?: 'warning') => void) | undefined;
  /** Raise the console's rate for large transfers, on an ESP32 behind a bridge that carries it; default false. */
  readonly turbo?: boolean | undefined;
  /** Reset a board that does not answer, by the port's lines, and interrupt its program as it starts; default false. */
  readonly mayReset?: boolean | undefined;
}
