import { type Release, parseFileName } from './release.js';

/** A board in the list of all. */
export interface ListedBoard {
  readonly board: string;
  /** What it is sold as, and by whom, where the page says it. */
  readonly product: string;
  readonly vendor: string;
}

/** A file on a page, and where it leads. */
export interface OfferedRelease extends Release {
  readonly href: string;
}

/**
 * micropython.org/download/?port=esp32: cards of `<a class="board-card" href="ESP32_GENERIC">` with the product and the vendor in them.
 * What else stands on the page is passed over, whatever it is.
 */
export function parseBoardList(html: string): ListedBoard[] {
  const boards = new Map<string, ListedBoard>();
  const page = withoutComments(html);
  for (const match of page.matchAll(tags)) {
    const tag = match[0];
    if (!attribute(tag, 'class').split(/\s+/).includes('board-card')) continue;
    const board = lastPart(attribute(tag, 'href'));
    if (!/^[A-Za-z0-9_]+$/.test(board) || boards.has(board)) continue;
    const rest = page.slice(match.index + tag.length);
    const end = rest.search(/<\/a\s*>|<a\b/i);
    const card = end === -1 ? rest.slice(0, longestCard) : rest.slice(0, end);
    boards.set(board, {
      board,
      product: within(card, 'board-product'),
      vendor: within(card, 'board-vendor'),
    });
  }
  return [...boards.values()];
}

/** A `<` within one begins another: so a page of beginnings takes no longer than another. */
const tags = /<a\b[^<>]*>/gi;
/** More than any card has, where its end is missing. */
const longestCard = 2000;

/**
 * The files of a board's page, or of any page that links to them, such as a web server's list of a folder. Their names say what they are, under whatever
 * heading they stand. What is no firmware by its name is passed over.
 */
export function parseReleases(html: string): OfferedRelease[] {
  const found = new Map<string, OfferedRelease>();
  for (const [tag] of withoutComments(html).matchAll(tags)) {
    const href = attribute(tag, 'href');
    const release = parseFileName(lastPart(href));
    if (release !== undefined) found.set(release.file, { ...release, href });
  }
  return [...found.values()];
}

/** What is no part of the page itself. Looked for piece by piece, so that a page without ends takes no longer than another. */
function withoutComments(html: string): string {
  const starts = /<!--|<(script|style)\b/gi;
  const kept: string[] = [];
  let at = 0;
  for (let match = starts.exec(html); match !== null; match = starts.exec(html)) {
    kept.push(html.slice(at, match.index));
    const ending =
      match[1] === undefined ? /-->/g : match[1].toLowerCase() === 'script' ? /<\/script/gi : /<\/style/gi;
    ending.lastIndex = starts.lastIndex;
    if (ending.exec(html) === null) return kept.join('');
    at = starts.lastIndex = ending.lastIndex;
  }
  return [...kept, html.slice(at)].join('');
}

function attribute(tag: string, name: string): string {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]*))`, 'i').exec(tag);
  return decoded(match?.[1] ?? match?.[2] ?? match?.[3] ?? '');
}

/** The text of the element with that class. */
function within(html: string, className: string): string {
  const text = new RegExp(`class\\s*=\\s*["']?[^"'>]*\\b${className}\\b[^>]*>([^<]*)`, 'i').exec(html)?.[1];
  return decoded(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Behind the last slash, without what follows `?` or `#`. */
function lastPart(href: string): string {
  const path = href.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  } catch {
    return '';
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decoded(text: string): string {
  return text.replace(/&(#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? all;
    const isHex = name[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10));
  });
}
