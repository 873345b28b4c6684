/** Longer lines are cut here: the service refuses a line over 64 KiB, so no more of it need be held. */
const MAX_LINE_LENGTH = 256 * 1024;

/** The lines of a text that comes in pieces, in batches as they come; whoever reads slowly slows the source. */
export async function* splitLines(chunks: AsyncIterable<unknown>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk as Buffer, { stream: true }).split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
