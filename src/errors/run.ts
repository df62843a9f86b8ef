import { kind } from './define.js';
import { explainException } from './explain-exception.js';

/** How a command that did its work can still end otherwise than well. */
export const runErrors = {
  'run/exception': kind<{ traceback: string; exception: string }>({
    exitCode: 4,
    message: ({ exception }) => `the code raised ${exception}`,
    hint: ({ traceback }) => {
      const meaning = explainException(traceback);
      return meaning === undefined ? 'The traceback above names the line' : `Usually: ${meaning}`;
    },
  }),
  'run/restarted': kind<object>({
    exitCode: 1,
    message: () => 'the board restarted before the code had ended',
    hint: () =>
      'Fine if the code asked for it (machine.reset()); otherwise the output above may say why it crashed',
  }),
  'run/interrupted': kind<object>({
    exitCode: 130,
    message: () => 'interrupted',
    hint: () => 'The port is free again; repeat the command when ready',
  }),
};
