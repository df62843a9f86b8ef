/** The candidate a typing mistake or two away from `word`, if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const farthest = Math.max(1, Math.floor(word.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= farthest ? best.candidate : undefined;
}

/**
 * The key that may be meant by a name that is none. Only what is near in its last part is: the same section alone says
 * nothing, and a password written under the name of something public would be published.
 */
export function nearestKey(name: string, keyNames: readonly string[]): string | undefined {
  const dot = name.lastIndexOf('.') + 1;
  const section = name.slice(0, dot);
  const last = name.slice(dot);
  const beside = keyNames.flatMap((key) =>
    key.startsWith(section) ? [key.slice(dot).split('.', 1)[0] ?? ''] : [],
  );
  const here = nearestPart(last, [...new Set(beside)]);
  if (here !== undefined) return section + here;
  const elsewhere = nearestPart(last, keyNames.map(lastPart));
  return elsewhere === undefined ? undefined : keyNames.find((key) => lastPart(key) === elsewhere);
}

function nearestPart(word: string, parts: readonly string[]): string | undefined {
  return nearest(word, parts) ?? parts.find((part) => part.endsWith(`_${word}`) || isShortFor(word, part));
}

/** `pwd` for `password`: its letters in their order, the first and the last among them. */
function isShortFor(word: string, part: string): boolean {
  if (word.length < 3 || word[0] !== part[0] || word.at(-1) !== part.at(-1)) return false;
  let at = 0;
  for (const letter of part) if (letter === word[at]) at += 1;
  return at === word.length;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** Insertions, deletions, replacements and swapped neighbours between two words (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replace = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + replace,
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
