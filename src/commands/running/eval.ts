import { expressionCode, expressionError } from '../../board/run-code.js';
import type { Context } from '../../context.js';
import { withBoard } from '../../connecting/open-board.js';
import { tellingFresh } from './fresh-board.js';
import { runCode } from './run-code.js';

export interface EvalOptions {
  /** Leave the board's `\r\n` as it is. */
  readonly raw?: true;
}

/** `upyw eval EXPR`: the value of an expression, as the board's `print` shows it. */
export async function evaluate(context: Context, expression: string, { raw }: EvalOptions): Promise<void> {
  if (context.flags.dryRun) {
    context.reporter.result({ dryRun: true }, `would show the value of ${expression}`);
    return;
  }
  if (raw === true) {
    return runCode(context, { code: expressionCode(expression), takesInput: false }, { raw }).catch(
      (error: unknown) => {
        throw expressionError(error, expression);
      },
    );
  }
  const { signal } = context.world;
  const value = await withBoard(context, (board, port) =>
    tellingFresh(port, () => board.evaluate(expression, { signal })),
  );
  context.reporter.result({ value }, new TextEncoder().encode(`${value}\n`));
}
