import { UpywError } from '../errors.js';

/** Every board that is plugged in, in the place of a port's name. */
export const everyBoard = 'all';

/** Whether a name may stand for more than one board: it is `all`, or has a sign of a pattern. */
export function meansMany(name: string): boolean {
  if (/^(?:socket|rfc2217|image|port):/i.test(name)) return false;
  return name === everyBoard || /[*?[{]/.test(withoutOptions(name).text);
}

/** `sim:desk*?unpaced` has options behind its pattern; in `sim:desk?` and `sim:desk?-left` the sign stands for a letter. */
export function withoutOptions(name: string): { text: string; options: string } {
  const isSim = name.startsWith('sim:');
  const at = isSim ? name.search(/(?<=^sim:)\?|\?[a-z]+\d*(?:=|&|$)/) : -1;
  return at === -1 ? { text: name, options: '' } : { text: name.slice(0, at), options: name.slice(at) };
}

/** `usage/arguments`: the command is about one board, and these ports may be many. */
export function oneBoardOnly([first, second]: readonly string[]): UpywError {
  const problem =
    second === undefined
      ? `this command works on one board${first === undefined ? '' : `, and ${first} may be many`}`
      : `two ports are named, ${first ?? ''} and ${second}: this command works on one board`;
  const instead = 'Name one board with -p, and repeat the command for the others';
  return new UpywError('usage/arguments', { problem, command: 'upyw', instead });
}
