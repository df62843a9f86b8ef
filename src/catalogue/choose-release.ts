import { UpywError } from '../errors.js';
import { type Release, newestFirst } from './release.js';

/** Which of a board's files is wanted. */
export interface ReleaseWish {
  readonly board: string;
  /** Empty: the usual build. */
  readonly variant: string;
  /** `v1.26.1`, `1.26` for its newest patch, or all of a preview's; undefined: the newest. */
  readonly version?: string | undefined;
  /** The newest preview build rather than the newest release. */
  readonly preview?: boolean | undefined;
}

const mostNamed = 8;

/** The newest that fits. Throws `firmware/no-release`. */
export function chooseRelease<Item extends Release>(items: readonly Item[], wish: ReleaseWish): Item {
  const ofVariant = items.filter(({ variant }) => variant === wish.variant).sort(newestFirst);
  const chosen = pick(ofVariant, wish);
  if (chosen !== undefined) return chosen;
  const board = wish.variant === '' ? wish.board : `${wish.board}-${wish.variant}`;
  if (ofVariant.length === 0) {
    const variants = [...new Set(items.map(({ variant }) => variant))].map(
      (each) => each || 'the usual build',
    );
    throw new UpywError('firmware/no-release', {
      board: wish.board,
      wanted: wish.variant === '' ? 'usual build' : `variant ${wish.variant}`,
      known: variants,
      previews: false,
    });
  }
  const releases = ofVariant.filter(({ version }) => version.isPreview === (wish.preview === true));
  const known = wish.version === undefined ? [] : releases.map(({ version }) => version.text);
  throw new UpywError('firmware/no-release', {
    board,
    wanted: wish.version ?? (wish.preview === true ? 'preview build' : 'release'),
    known: known.slice(0, mostNamed),
    previews: wish.preview !== true && releases.length === 0,
  });
}

function pick<Item extends Release>(
  items: readonly Item[],
  { version, preview }: ReleaseWish,
): Item | undefined {
  if (version === undefined) {
    return items.find((each) => each.version.isPreview === (preview === true));
  }
  const text = version.startsWith('v') ? version : `v${version}`;
  return (
    items.find((each) => each.version.text === text) ??
    // `1.26` means its newest patch, and never a preview, unless that is said.
    items.find((each) => each.version.text.startsWith(`${text}.`) && !each.version.isPreview) ??
    items.find((each) => each.version.text.startsWith(`${text}-preview`) && preview === true) ??
    (text.includes('-') ? items.find((each) => each.version.text.startsWith(text)) : undefined)
  );
}
