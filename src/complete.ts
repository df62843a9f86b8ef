import { type Candidate, wantedAt } from './completion/candidates.js';
import { tree } from './completion/ready-tree.js';

/**
 * Answers a shell: `upyw __complete SHELL WORD… LAST`, a candidate in each line with what it is behind a tab. `:files` says that the shell's own files fit.
 * Never fails, never says anything else: somebody is typing. In bash a word ends at a colon, so only what is behind the last one is answered.
 */
export async function complete([shell = '', ...words]: readonly string[]): Promise<string> {
  // Windows' PowerShell leaves empty words out, so the last one has a sign before it there.
  const last = shell === 'powershell' ? (words.at(-1) ?? '=').slice(1) : (words.at(-1) ?? '');
  const typed = [...words.slice(0, -1), last];
  const wanted = wantedAt(tree, typed);
  if (wanted.kind === 'files') return ':files\n';
  const candidates = (await candidatesFor(wanted, last)).filter(({ value }) => value.startsWith(last));
  const cut = shell === 'bash' ? last.lastIndexOf(':') + 1 : 0;
  return candidates.map(({ value, what }) => `${line(value.slice(cut))}\t${line(what)}\n`).join('');
}

async function candidatesFor(
  wanted: Exclude<ReturnType<typeof wantedAt>, { kind: 'files' }>,
  last: string,
): Promise<readonly Candidate[]> {
  if (wanted.kind === 'words') return wanted.candidates;
  if (wanted.kind === 'nothing') return [];
  try {
    if (wanted.kind === 'ports') return await (await import('./completion/ports.js')).portCandidates();
    const { boardPathCandidates } = await import('./completion/board-paths.js');
    return await boardPathCandidates(last, wanted.port);
  } catch {
    return [];
  }
}

/** Control characters in a name would end the line, or more. */
function line(text: string): string {
  return text.replace(/\p{Control}/gu, '?');
}
