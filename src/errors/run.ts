import { kind } from './define.js';
import { explainException } from './explain-exception.js';

/** How a command that did its work can still end otherwise than well. */
export const runErrors = {
  'run/exception': kind<{ traceback: string; exception: string; isExpression?: boolean; isFresh?: boolean }>({
    exitCode: 4,
    message: ({ exception }) => `the code raised ${exception}`,
    hint: ({ traceback, exception, isExpression, isFresh }) => {
      if (isExpression === true && exception.startsWith('SyntaxError')) {
        return 'eval shows the value of one expression; what has none (x = 1, import, for) runs with: upyw exec';
      }
      const meaning = explainException(traceback, { isFresh });
      return meaning === undefined ? 'The traceback above names the line' : `Usually: ${meaning}`;
    },
  }),
  'run/exit': kind<{ value: number | string | boolean | null }>({
    exitCode: 4,
    message: ({ value }) =>
      value === null
        ? 'the code ended by sys.exit(); with what value is not known'
        : typeof value === 'string'
          ? `the code ended by sys.exit: ${value === '' ? 'an empty text' : value}`
          : `the code ended by sys.exit(${value === true ? 'True' : value})`,
    hint: ({ value }) =>
      value === null
        ? 'The board restarted with it. Put the code in a file: upyw run FILE tells the value'
        : 'The code itself calls this a failure; what it printed above may say why. sys.exit() and sys.exit(0) are a good end',
  }),
  'run/restarted': kind<object>({
    exitCode: 1,
    retryable: true,
    message: () => 'the board restarted before the code had ended',
    hint: () =>
      'Fine if the code asked for it (machine.reset()); otherwise the output above may say why it crashed',
  }),
  'run/interrupted': kind<object>({
    exitCode: 130,
    message: () => 'interrupted',
    hint: () => 'No port is held; repeat the command when ready',
  }),
};
