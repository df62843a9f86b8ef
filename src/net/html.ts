const longestTitle = 80;

/** Whether a body that should be a file is a page: the login of a hotel's network, the block page of a filter, an error page. */
export function isHtml(contentType: string | undefined, start: Uint8Array): boolean {
  if (/^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? '')) return true;
  return /^\uFEFF?\s*<(?:!doctype\s+html|html|head|body)\b/i.test(
    new TextDecoder().decode(start.subarray(0, 512)),
  );
}

/** What a page calls itself. */
export function titleOf(page: string): string | undefined {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(page)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
  return title === '' ? undefined : title.slice(0, longestTitle);
}
