import { kind } from './define.js';

const bytecode = (version: number) => (version === 0 ? 'no bytecode' : `bytecode of version ${version}`);

/** Python that is compiled here, and bytecode. */
export const mpyErrors = {
  'mpy/syntax': kind<{ path: string; line: number; problem: string; compilerVersion: string }>({
    exitCode: 1,
    message: ({ path, line, problem }) => `${path}, line ${line}: ${problem}`,
    hint: ({ compilerVersion }) =>
      `Nothing was sent. Correct it; or, if it is newer Python than MicroPython ${compilerVersion} knows (match, …), send it without --mpy`,
  }),
  'mpy/failed': kind<{ path: string; reason: string }>({
    exitCode: 1,
    message: ({ path, reason }) => `${path} could not be compiled: ${reason}`,
    hint: () => 'Nothing was sent. Send it without --mpy',
  }),
  'mpy/not-bytecode': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) => `${path} is no MicroPython bytecode (.mpy)`,
    hint: () =>
      'A .mpy file comes from mpy-cross, or from upyw put --mpy. Python itself runs with: upyw run FILE.py',
  }),
  'mpy/format': kind<{ path?: string; board: number; file: number }>({
    exitCode: 1,
    message: ({ path, board, file }) =>
      path === undefined
        ? `this board loads ${bytecode(board)}, and upyw compiles to version ${file}`
        : `${path} is bytecode of version ${file}, and this board loads ${bytecode(board)}`,
    hint: ({ path }) =>
      path === undefined
        ? 'Send the .py files as they are, without --mpy; or put a MicroPython from 1.19 on: upyw flash'
        : 'Compile it anew for this MicroPython, or use the .py',
  }),
  'mpy/architecture': kind<{ path: string; board: string; file: string }>({
    exitCode: 1,
    message: ({ path, board, file }) =>
      `${path} has code for ${file} in it, and this board ${board === 'none' ? 'loads bytecode alone' : `is ${board}`}`,
    hint: () =>
      'Get it for this chip (an ESP32, S2 and S3 are xtensawin, a C3 and C6 rv32imc), or use the .py',
  }),
};
