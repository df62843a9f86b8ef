import type { Way } from '../context.js';

/** Loads what talks to boards that way, before there is one that would wait for it. */
export async function loadWay(way: Way): Promise<void> {
  await (way === 'loader' ? import('../loader/loader.js') : import('../board/board.js'));
}
