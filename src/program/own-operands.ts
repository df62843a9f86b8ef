import { fillIn, hasOwnValues } from '../config/boards/own-values.js';
import type { OneOfMany } from '../context.js';

/**
 * `backup {{name}}.bin` of many boards: what a command line says of the board is filled in, but for code. In a file's name a MAC has no colons.
 * Files that have names of their own then need no folder of their own.
 */
export function fillInOperands(
  oneOf: OneOfMany,
  words: readonly unknown[],
  { command, isCode }: { readonly command: string; readonly isCode: readonly boolean[] },
): { oneOf: OneOfMany; words: unknown[] } {
  const isOwn = words.some((word, index) => isCode[index] !== true && hasOwnValues(word));
  if (!isOwn) return { oneOf, words: [...words] };
  const facts = { ...oneOf.board, mac: oneOf.board.mac?.replaceAll(':', '') };
  const place = { source: `upyw ${command}`, key: 'the command line' };
  return {
    oneOf: { ...oneOf, folder: undefined },
    words: words.map((word, index) => (isCode[index] === true ? word : fillIn(word, facts, place))),
  };
}
