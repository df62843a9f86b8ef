import type { ChalkInstance } from 'chalk';
import { printableName } from '../../printable.js';
import { formatDuration } from '../format.js';
import { progressLine } from '../progress-line.js';

/** What is shown of a board in its line. */
export interface BoardState {
  readonly label: string;
  readonly phase: 'waiting' | 'at work' | 'ok' | 'failed';
  readonly step: string;
  readonly progress?:
    { readonly doneBytes: number; readonly totalBytes: number; readonly elapsedMs: number } | undefined;
  readonly durationMs?: number;
}

const signs = { waiting: '·', 'at work': '▸', ok: '✔', failed: '✘' } as const;
const colors = { waiting: 'dim', 'at work': 'cyan', ok: 'green', failed: 'red' } as const;

/** One line for a board that fits the width: sign, name, step, bar, rate, time left. What is at its end goes first. */
export function boardLine(
  state: BoardState,
  { labelWidth, columns, chalk }: { labelWidth: number; columns: number; chalk: ChalkInstance | undefined },
): string {
  const sign = signs[state.phase];
  const text = `${state.label.padEnd(labelWidth)}  ${stepText(state)}`;
  const shown = cut(printableName(text), columns - sign.length - 2);
  return `${chalk?.[colors[state.phase]](sign) ?? sign} ${state.phase === 'waiting' ? (chalk?.dim(shown) ?? shown) : shown}`;
}

function stepText({ step, progress, durationMs, phase }: BoardState): string {
  if (phase === 'ok' || phase === 'failed')
    return [step, durationMs === undefined ? '' : formatDuration(durationMs)].filter(Boolean).join('  ');
  return progress === undefined ? step : progressLine({ label: step, ...progress });
}

/** By characters as they are counted in columns; those of double width count twice. */
export function cut(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += isWide(character) ? 2 : 1;
    if (width > columns) return kept;
    kept += character;
  }
  return kept;
}

/** East Asian wide forms and emoji, roughly as terminals draw them (Unicode's UAX 11). */
function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
    character,
  );
}

/** The lines that fit: boards at work before those that wait or are done, in their order, and one line for all the others. */
export function fittingLines(states: readonly BoardState[], rows: number): readonly BoardState[] {
  if (states.length <= rows) return states;
  const rank = { 'at work': 0, failed: 1, waiting: 2, ok: 3 } as const;
  const chosen = new Set(
    [...states].sort((a, b) => rank[a.phase] - rank[b.phase]).slice(0, Math.max(0, rows)),
  );
  return states.filter((state) => chosen.has(state));
}
