/** A path or a name as a shell takes it for one word: in quotes where it has a space or a sign of the shell's in it. */
export function word(text: string): string {
  return /^[\p{L}\p{M}\p{N}\p{So}_.,:/\\@%+=~-]+$/u.test(text)
    ? text
    : `"${text.replaceAll(/["$`]/g, '\\$&')}"`;
}
