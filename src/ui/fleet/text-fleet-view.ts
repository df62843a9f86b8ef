import { Buffer } from 'node:buffer';
import type { ChalkInstance } from 'chalk';
import type { Choice, ChosenBoard } from '../../fleet/choose-boards.js';
import type { BoardEvent, FleetView, Outcome, Summary } from '../../fleet/fleet-view.js';
import { shownAddress } from '../../shown-address.js';
import { printableName, printableText } from '../../printable.js';
import type { Output } from '../../world.js';
import { type Failure, describeFailure } from '../failure.js';
import { shownTraceback } from '../text-reporter.js';
import { formatCount, formatDuration, formatTable } from '../format.js';
import type { BoardState } from './board-line.js';
import type { LiveLines } from './live-lines.js';
import { OutputLines } from './output-lines.js';

export interface TextFleetParts {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly chalk: ChalkInstance | undefined;
  /** Where a terminal shows all that is written. */
  readonly live: LiveLines | undefined;
}

/**
 * Tells a person about many boards. What stays begins with the board; on a terminal one line of each board moves below it. What a command gives
 * out and the table at the end go to stdout, all else to stderr.
 */
export class TextFleetView implements FleetView {
  readonly #parts: TextFleetParts;
  readonly #outputs = new Map<ChosenBoard, OutputLines>();
  #labelWidth = 0;

  constructor(parts: TextFleetParts) {
    this.#parts = parts;
  }

  choosing(): void {
    // It takes a moment; a port that takes longer is told by what comes of it.
  }

  chosen({ boards, missed, skipped }: Choice): void {
    this.#labelWidth = Math.max(this.#labelWidth, ...boards.map(({ label }) => label.length));
    for (const board of boards)
      this.#parts.live?.set(keyOf(board), { label: board.label, phase: 'waiting', step: 'waiting' });
    const places = boards.map(({ label, port }) =>
      port.startsWith(label) ? label : `${label} (${shownAddress(port)})`,
    );
    if (boards.length > 0) this.#info(`${formatCount(boards.length, 'board')}: ${places.join(', ')}`);
    for (const { port, what } of skipped) this.#info(`left out: ${port}: ${what}`);
    for (const { label, error } of missed) this.#failed(label, error);
  }

  note(text: string): void {
    this.#info(text);
  }

  tell(board: ChosenBoard, event: BoardEvent): void {
    switch (event.kind) {
      case 'started':
        this.#show(board, { phase: 'at work', step: 'waiting for the board' });
        break;
      case 'step':
        this.#show(board, { phase: 'at work', step: event.label, progress: undefined });
        break;
      case 'progress':
        this.#show(board, { phase: 'at work', step: event.label, progress: event });
        break;
      case 'said':
        this.#said(board, event.level, event.text);
        break;
      case 'output':
        this.#outputOf(board).push(event.bytes);
        break;
      case 'result':
        if (event.text !== undefined) this.#outputOf(board).push(withLineEnd(event.text));
        break;
      case 'ended':
        this.#ended(board, event.outcome);
    }
  }

  async whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#parts.live?.hold();
    try {
      return await ask();
    } finally {
      this.#parts.live?.release();
    }
  }

  end(summary: Summary): void {
    this.#parts.live?.end();
    const failures = summary.outcomes.flatMap(({ error }) =>
      error === undefined ? [] : this.#describe(error),
    );
    this.#parts.stdout.write(`${tableOf(summary, this.#parts)}\n`);
    const hints = new Map(failures.map(({ code, hint }) => [`${code}\n${hint}`, { code, hint }]));
    for (const { code, hint } of hints.values()) {
      const arrow = this.#parts.chalk?.cyan('→') ?? '→';
      this.#parts.stderr.write(`${arrow} ${code}: ${printableName(hint)}\n`);
    }
  }

  #show(board: ChosenBoard, change: Partial<BoardState>): void {
    const { live } = this.#parts;
    const before = live?.get(keyOf(board)) ?? { label: board.label, phase: 'waiting', step: '' };
    live?.set(keyOf(board), { ...before, ...change });
  }

  #said(board: ChosenBoard, level: 'info' | 'warning' | 'debug', text: string): void {
    if (level === 'debug' && !this.#parts.verbose) return;
    if (level === 'info' && this.#parts.quiet) return;
    const sign = level === 'warning' ? `${this.#parts.chalk?.yellow('!') ?? '!'} ` : '';
    this.#write(this.#parts.stderr, this.#prefixed(board.label, sign + printableText(text)));
  }

  #outputOf(board: ChosenBoard): OutputLines {
    const known = this.#outputs.get(board);
    if (known !== undefined) return known;
    const { stdout } = this.#parts;
    const lines = new OutputLines((line) => {
      // No board draws over the lines of another.
      const shown = stdout.isTTY === true ? Buffer.from(printableText(Buffer.from(line).toString())) : line;
      this.#write(stdout, Buffer.concat([Buffer.from(this.#start(board.label)), shown]));
    });
    this.#outputs.set(board, lines);
    return lines;
  }

  #ended(board: ChosenBoard, { error, result, durationMs }: Outcome): void {
    this.#outputs.get(board)?.end();
    this.#outputs.delete(board);
    const code = error === undefined ? '' : this.#describe(error).code;
    this.#show(board, {
      phase: result === 'ok' ? 'ok' : 'failed',
      step: result === 'ok' ? 'done' : code,
      progress: undefined,
      durationMs,
    });
    if (error !== undefined) this.#failed(board.label, error);
    else if (this.#parts.live === undefined && !this.#parts.quiet)
      this.#write(
        this.#parts.stderr,
        this.#prefixed(
          board.label,
          `${this.#parts.chalk?.green('✔') ?? '✔'} done in ${formatDuration(durationMs)}`,
        ),
      );
  }

  #failed(label: string, error: unknown): void {
    const failure = this.#describe(error);
    const sign = this.#parts.chalk?.red('✘') ?? '✘';
    const lines = [
      ...shownTraceback(failure, this.#parts.verbose),
      `${sign} ${printableName(failure.message)}`,
    ];
    this.#write(this.#parts.stderr, this.#prefixed(label, lines.join('\n')));
  }

  #info(text: string): void {
    if (!this.#parts.quiet) this.#write(this.#parts.stderr, `${printableName(text)}\n`);
  }

  #start(label: string): string {
    return `${printableName(label).padEnd(this.#labelWidth)} │ `;
  }

  #prefixed(label: string, text: string): string {
    const lines = text.replace(/\n$/, '').split('\n');
    return lines.map((line) => `${this.#start(label)}${line}\n`).join('');
  }

  #write(stream: Output, text: string | Uint8Array): void {
    const { live } = this.#parts;
    if (live === undefined) stream.write(text);
    else live.above(() => void stream.write(text));
  }

  #describe(error: unknown): Failure {
    return describeFailure(error, { verbose: this.#parts.verbose });
  }
}

function keyOf({ port, mac }: ChosenBoard): string {
  return mac ?? port;
}

function withLineEnd(text: string | Uint8Array): Uint8Array {
  if (typeof text !== 'string') return text;
  return Buffer.from(text === '' || text.endsWith('\n') ? printableText(text) : `${printableText(text)}\n`);
}

/** Board, port, result, what failed, time. */
function tableOf(
  { outcomes, skipped, durationMs }: Summary,
  { verbose, chalk }: Pick<TextFleetParts, 'verbose' | 'chalk'>,
): string {
  const rows = outcomes.map(({ board, result, error, durationMs: ms }) => {
    const failure = error === undefined ? undefined : describeFailure(error, { verbose });
    return [
      board.label,
      shownAddress(board.port),
      result,
      formatDuration(ms),
      failure?.code ?? '',
      failure?.message ?? '',
    ];
  });
  const left = skipped.map(({ port, what }) => [port, port, 'left out', '', '', what]);
  const lines = [...rows, ...left];
  const table =
    lines.length === 0
      ? ''
      : `${formatTable([['board', 'port', 'result', 'time', 'code', ''], ...lines], [3])}\n`;
  const failed = outcomes.filter(({ result }) => result !== 'ok').length;
  const ok = `${outcomes.length - failed} of ${formatCount(outcomes.length, 'board')} done`;
  const last = `${ok}${failed > 0 ? `, ${failed} failed` : ''}, in ${formatDuration(durationMs)}`;
  return `${table}${failed > 0 ? (chalk?.red(last) ?? last) : (chalk?.green(last) ?? last)}`;
}
