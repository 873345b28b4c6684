/** Where a section begins and ends in a page. @throws Error where it is not there exactly once */
function place(page: string, section: string): { readonly from: number; readonly to: number } {
  const opening = `<!-- generated:${section} -->\n`;
  const closing = `\n<!-- /generated:${section} -->`;
  const from = page.indexOf(opening) + opening.length;
  const to = page.indexOf(closing, from - 1);
  if (from < opening.length || to < from - 1 || page.includes(opening, from)) {
    throw new Error(`the page has no place for what is generated: ${opening.trim()} … ${closing.trim()}`);
  }
  return { from, to };
}

/** What a section of a page holds. */
export function readSection(page: string, section: string): string {
  const { from, to } = place(page, section);
  return page.slice(from, to).trim();
}

/** The page with another text in a section. */
export function writeSection(page: string, section: string, text: string): string {
  const { from, to } = place(page, section);
  return `${page.slice(0, from)}\n${text}\n${page.slice(to)}`;
}
