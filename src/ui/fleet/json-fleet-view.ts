import type { Choice, ChosenBoard } from '../../fleet/choose-boards.js';
import type { BoardEvent, FleetView, Outcome, Summary } from '../../fleet/fleet-view.js';
import { printableJson } from '../../printable.js';
import { shownAddress } from '../../shown-address.js';
import type { Output } from '../../world.js';
import { describeFailure } from '../failure.js';
import { describeOutput } from '../json-reporter.js';

/** A program need not hear of every block. */
const progressMs = 500;

/** Tells a program about many boards: an event in each line, and a summary in the last. */
export class JsonFleetView implements FleetView {
  readonly #parts: { stdout: Output; verbose: boolean; now: () => number };
  readonly #toldMs = new Map<ChosenBoard, number>();

  constructor(parts: { stdout: Output; verbose: boolean; now: () => number }) {
    this.#parts = parts;
  }

  choosing(): void {
    // What comes of it is told.
  }

  chosen({ boards, missed, skipped }: Choice): void {
    const chosen = boards.map(({ label, port, name, mac }) => identity({ label, port, name, mac }));
    this.#write({ event: 'boards', boards: chosen, skipped });
    for (const { error, ...board } of missed)
      this.#write({ event: 'failure', ...identity(board), error: this.#describe(error) });
  }

  note(text: string): void {
    this.#write({ event: 'note', text });
  }

  tell(board: ChosenBoard, event: BoardEvent): void {
    const { label } = board;
    switch (event.kind) {
      case 'started':
        this.#write({ event: 'start', board: label });
        break;
      case 'step':
        this.#write({ event: 'step', board: label, step: event.label });
        break;
      case 'progress':
        this.#progress(board, event);
        break;
      case 'said':
        if (event.level === 'warning') this.#write({ event: 'warning', board: label, text: event.text });
        break;
      case 'output':
        this.#write({ event: 'output', board: label, ...describeOutput([event.bytes]) });
        break;
      case 'result':
        this.#write({ event: 'result', board: label, value: event.value });
        break;
      case 'ended':
        this.#ended(event.outcome);
    }
  }

  whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return ask();
  }

  end({ outcomes, skipped, durationMs }: Summary): void {
    const boards = outcomes.map(({ board, result, error, durationMs: ms }) => ({
      ...identity(board),
      result,
      durationMs: Math.round(ms),
      ...(error === undefined ? {} : { error: this.#describe(error) }),
    }));
    const ok = outcomes.every(({ result }) => result === 'ok');
    this.#write({ event: 'summary', ok, boards, skipped, durationMs: Math.round(durationMs) });
  }

  #progress(
    board: ChosenBoard,
    { label: step, doneBytes, totalBytes }: BoardEvent & { kind: 'progress' },
  ): void {
    const nowMs = this.#parts.now();
    if (doneBytes < totalBytes && nowMs - (this.#toldMs.get(board) ?? -Infinity) < progressMs) return;
    this.#toldMs.set(board, nowMs);
    this.#write({ event: 'progress', board: board.label, step, doneBytes, totalBytes });
  }

  #ended({ board, error, durationMs }: Outcome): void {
    const ms = Math.round(durationMs);
    this.#write(
      error === undefined
        ? { event: 'end', board: board.label, ok: true, durationMs: ms }
        : { event: 'end', board: board.label, ok: false, error: this.#describe(error), durationMs: ms },
    );
  }

  #describe(error: unknown): object {
    return describeFailure(error, { verbose: this.#parts.verbose });
  }

  #write(event: object): void {
    this.#parts.stdout.write(`${printableJson(JSON.stringify(event))}\n`);
  }
}

function identity({ label, port, name, mac }: Pick<ChosenBoard, 'label' | 'port' | 'name' | 'mac'>): object {
  return {
    board: label,
    port: shownAddress(port),
    ...(name === undefined ? {} : { name }),
    ...(mac === undefined ? {} : { mac }),
  };
}
