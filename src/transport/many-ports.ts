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
