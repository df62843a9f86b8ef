import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { type Token, type Tokens, lexer } from 'marked';

/** The clone's own folder. */
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A block of code in a paper: `name` is the file that it is, where one stands behind the language. */
export interface Block {
  readonly language: string;
  readonly name: string | undefined;
  readonly text: string;
}

/** A page of Markdown, as GitHub shows it. */
export interface Paper {
  /** From the top of the clone, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly links: readonly string[];
  /** What stands behind `#` in a link to one of its headings. */
  readonly anchors: readonly string[];
}

/** What people read about upyw, without the history. */
export const papers: readonly Paper[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('../../docs/', import.meta.url))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => readPaper(path, readFileSync(`${root}/${path}`, 'utf8')));

/** One of them. */
export function paper(path: string): Paper {
  const found = papers.find((each) => each.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

export function readPaper(path: string, text: string): Paper {
  const tokens = allTokens(lexer(text));
  const slugger = new GithubSlugger();
  return {
    path,
    text,
    blocks: tokens.flatMap((token) => (token.type === 'code' ? [readBlock(token)] : [])),
    links: tokens.flatMap((token) => (token.type === 'link' ? [String(token['href'])] : [])),
    anchors: tokens.flatMap((token) => {
      if (token.type === 'heading') return [slugger.slug(plainText(token))];
      return token.type === 'html' ? [...token.raw.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id) : [];
    }),
  };
}

function readBlock(token: Token): Block {
  const { lang = '', text } = token as Token & { lang?: string; text: string };
  const [language = '', name] = lang.split(' ');
  return { language, name, text };
}

/** The tokens with those within them, in their order. */
function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...allTokens(innerTokens(token))]);
}

function innerTokens(token: Token): Token[] {
  const { tokens = [], items = [], header = [], rows = [] } = token as Partial<Tokens.Generic & Tokens.Table>;
  return [...tokens, ...(items as Token[]), ...[header, ...rows].flat().flatMap((cell) => cell.tokens)];
}

/** A heading as it is read, without the marks of code and stress. */
function plainText(token: Token): string {
  const inner = innerTokens(token);
  if (inner.length > 0) return inner.map((each) => plainText(each)).join('');
  return 'text' in token ? String(token.text) : '';
}
