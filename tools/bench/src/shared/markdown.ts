/** A table as prettier writes it: columns as wide as their widest cell, numbers to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  toTheRight: readonly number[] = [],
): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, toTheRight.includes(column))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    toTheRight.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** What stands above figures of a quick run. */
export const QUICK_NOTICE =
  '**This was a quick run: it shows that measuring works. Its figures say nothing.**';

const LINE = 120;
/** What would begin a list, a heading or a quotation at the beginning of a line: it stays with the word before it. */
const BREAK = / (?!(?:\d+[.)]|[-+*>]|#+)(?: |$))/;

/** A paragraph in lines of the usual length; those after the first begin with `indent`. */
export function paragraph(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replace(/\s+/g, ' ').split(BREAK)) {
    if (line !== '' && line.length + 1 + word.length > LINE) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** A list of paragraphs. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => paragraph(`- ${item}`, '  ')).join('\n');
}

function pad(text: string, width: number, toTheRight: boolean): string {
  return toTheRight ? text.padStart(width) : text.padEnd(width);
}
