import type { Choice, ChosenBoard } from './choose-boards.js';

/** What a board's command says as it goes on. */
export type BoardEvent =
  | { readonly kind: 'step'; readonly label: string }
  | {
      readonly kind: 'progress';
      readonly label: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly elapsedMs: number;
    }
  | { readonly kind: 'said'; readonly level: 'info' | 'warning' | 'debug'; readonly text: string }
  /** Bytes that the user asked to see. */
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'result'; readonly value: object; readonly text?: string | Uint8Array | undefined }
  | { readonly kind: 'started' }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/** How it went with one board. */
export interface Outcome {
  readonly board: Pick<ChosenBoard, 'label' | 'port' | 'name' | 'mac'>;
  readonly result: 'ok' | 'failed' | 'interrupted';
  /** Why, unless it is ok. */
  readonly error?: unknown;
  readonly durationMs: number;
}

/** What came of it all. */
export interface Summary {
  readonly outcomes: readonly Outcome[];
  readonly skipped: Choice['skipped'];
  readonly durationMs: number;
}

/** How many boards at once are told of, to a person or a program. */
export interface FleetView {
  /** Ports are being asked who is there. */
  choosing(asked: number, total: number): void;
  /** Before anything is done: what was chosen, and what is left out. Called again for what is plugged in later. */
  chosen(choice: Choice): void;
  /** Something that is about all of them. */
  note(text: string): void;
  tell(board: ChosenBoard, event: BoardEvent): void;
  /** Nothing moves on the screen while somebody is asked. */
  whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  end(summary: Summary): void;
}
