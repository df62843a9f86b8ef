import type { Listing } from '../../catalogue/catalogue.js';
import type { ListedBoard } from '../../catalogue/pages.js';
import { type Release, parseBoard } from '../../catalogue/release.js';
import { nearest } from '../../config/nearest.js';
import type { Context } from '../../context.js';
import { UpywError, isOfFamily, isUpywError } from '../../errors.js';
import { formatTable } from '../../ui/format.js';
import { type Store, withStore } from './open-store.js';

export interface FirmwareListOptions {
  readonly preview?: true;
  readonly variant?: string;
  readonly refresh?: true;
}

/** `upyw firmware list [BOARD]`: the boards that MicroPython has firmware for, or what it has for one. */
export async function firmwareList(
  context: Context,
  board: string | undefined,
  options: FirmwareListOptions,
): Promise<void> {
  await withStore(context, options, (store) =>
    board === undefined ? listBoards(context, store) : listReleases(context, store, board, options),
  );
}

async function listBoards({ reporter }: Context, { catalogue, store }: Store): Promise<void> {
  const kept = await store.kept();
  const listing = await withoutNet(() => catalogue.boards(), {
    items: [...new Set(kept.map(({ board }) => board))].map((board) => ({ board, product: '', vendor: '' })),
  });
  tellAge(reporter, listing);
  const boards = [...listing.items].sort(generalFirst).map((each) => ({
    ...each,
    kept: kept.filter(({ board }) => board === each.board).map(({ file }) => file),
  }));
  const rows = boards.map(({ board, product, vendor, kept: here }) => [
    board,
    [product, vendor].filter((each) => each !== '').join(', '),
    here.length === 0 ? '' : 'here',
  ]);
  reporter.result({ boards }, formatTable(rows));
}

/** Espressif's general boards come first: most people have one. */
function generalFirst(left: ListedBoard, right: ListedBoard): number {
  const rank = ({ board }: ListedBoard) => (board.startsWith('ESP32_GENERIC') ? 0 : 1);
  return rank(left) - rank(right) || left.board.localeCompare(right.board);
}

async function listReleases(
  { reporter }: Context,
  { catalogue, store }: Store,
  named: string,
  options: FirmwareListOptions,
): Promise<void> {
  const { board, variant } = parseBoard(named);
  const kept = await store.kept();
  const own = kept.filter((each) => each.board === board);
  const listing = await withoutNet(
    () => explained(catalogue, board),
    own.length === 0 ? undefined : { items: own },
  );
  tellAge(reporter, listing);
  const wanted = options.variant ?? (variant === '' ? undefined : variant);
  const releases = listing.items
    .filter((each) => wanted === undefined || each.variant === wanted)
    .filter((each) => options.preview === true || !each.version.isPreview);
  const files = new Set(kept.map(({ file }) => file));
  if (releases.length === 0) {
    const isOnlyPreview = options.preview !== true && listing.items.length > 0;
    reporter.info(isOnlyPreview ? 'there are preview builds only: add --preview' : 'there is none');
  }
  reporter.result(
    {
      board,
      releases: releases.map(({ variant: of, version, date, file }) => ({
        ...{ variant: of, version: version.text, date, file },
        isPreview: version.isPreview,
        isKept: files.has(file),
      })),
    },
    formatTable(releases.map((each) => row(each, files))),
  );
}

function row({ version, date, variant, file }: Release, kept: ReadonlySet<string>): string[] {
  return [version.text, date, variant === '' ? '-' : variant, file, kept.has(file) ? 'here' : ''];
}

/** The board that may have been meant, where there is none of that name. */
async function explained(catalogue: Store['catalogue'], board: string) {
  try {
    return await catalogue.releases(board);
  } catch (error) {
    if (!isUpywError(error, 'firmware/unknown-board')) throw error;
    const { items } = await catalogue.boards().catch(() => ({ items: [] }));
    const near = nearest(
      board,
      items.map((each) => each.board),
    );
    throw new UpywError('firmware/unknown-board', {
      ...error.details,
      ...(near === undefined ? {} : { near }),
    });
  }
}

/** What is in the cache, where nothing can be asked. */
async function withoutNet<Item>(
  ask: () => Promise<Listing<Item>>,
  kept: { readonly items: readonly Item[] } | undefined,
): Promise<{ readonly items: readonly Item[]; readonly failure?: UpywError; readonly fetchedAtMs?: number }> {
  try {
    return await ask();
  } catch (error) {
    const isNetDown = isOfFamily(error, 'net') || isUpywError(error, 'firmware/not-a-catalogue');
    if (!isNetDown || kept === undefined || kept.items.length === 0) throw error;
    return { ...kept, failure: error };
  }
}

function tellAge(
  reporter: Context['reporter'],
  { failure, fetchedAtMs }: { readonly failure?: UpywError; readonly fetchedAtMs?: number },
): void {
  if (failure === undefined) return;
  const shown =
    fetchedAtMs === undefined
      ? 'This is what is in the cache'
      : `This is what there was at ${new Date(fetchedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  reporter.warn(`${failure.message}. ${shown}`);
}
