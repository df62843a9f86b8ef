import { type CommandNode, completionTree } from './tree.js';

/** The build puts the tree itself in the place of this module: nothing of the program is loaded for a completion. */
export const tree: CommandNode = completionTree();
