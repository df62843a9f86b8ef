import type { Skipped } from '../local/read-folder.js';
import { printableName } from '../printable.js';
import type { Reporter } from './reporter.js';

const whySkipped: Readonly<Record<Skipped['why'], string>> = {
  'leads nowhere': 'a link that leads nowhere',
  'not ordinary': 'no ordinary file',
  outside: 'a link out of this folder. To copy what it leads to as well: --outside-links',
  'same name':
    'on a board it would be one with another file here, whose name looks the same. Give it another name',
  'not UTF-8': 'its name is not UTF-8, which a board needs. Give it another name',
};

/** What is here but is not copied is not passed over in silence. */
export function tellSkipped(reporter: Reporter, skipped: readonly Skipped[]): void {
  for (const { local, why } of skipped) {
    reporter.warn(`${printableName(local)} is left out: ${whySkipped[why]}`);
  }
}
