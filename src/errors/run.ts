import { kind } from './define.js';

/** How a command that did its work can still end otherwise than well. */
export const runErrors = {
  'run/exception': kind<{ traceback: string; exception: string }>({
    exitCode: 4,
    message: ({ exception }) => `the code raised ${exception}`,
    hint: () => 'The traceback above names the line',
  }),
  'run/interrupted': kind<object>({
    exitCode: 130,
    message: () => 'interrupted',
    hint: () => 'The port is free again; repeat the command when ready',
  }),
};
