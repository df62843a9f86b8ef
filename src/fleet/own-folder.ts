import type { ChosenBoard } from './choose-boards.js';

/** What the folder of a board's own files is called here: its name, its MAC, or what of its port may be in a file's name. */
export function ownFolderOf({ name, mac, port }: Pick<ChosenBoard, 'name' | 'mac' | 'port'>): string {
  if (name !== undefined) return name;
  if (mac !== undefined) return mac.replaceAll(':', '');
  return port.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '');
}
