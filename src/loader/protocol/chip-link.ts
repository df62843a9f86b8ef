import type { ChipLibrary } from './chip-library.js';
import type { CommandLayer } from './command-layer.js';

/** A chip in its loader: the commands that reach it, and what is known of its kind. */
export interface ChipLink {
  readonly commands: CommandLayer;
  readonly library: ChipLibrary;
}
