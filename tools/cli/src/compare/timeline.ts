/** A post as `GET /timelines/{user}` shows it; what else it holds is not compared. */
export interface ShownPost {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly createdAt: string;
}

export interface TimelinePage {
  readonly items: readonly ShownPost[];
  readonly nextCursor: string | null;
}

/** Reads a page of a reader's timeline: the first, or the one that a cursor leads to. */
export type FetchPage = (reader: string, limit: number, cursor: string | null) => Promise<TimelinePage>;

/** Something that the system shows otherwise than it should. */
export interface Difference {
  readonly reader: string;
  readonly kind: 'missing' | 'surplus' | 'twice' | 'order' | 'id' | 'page' | 'failed';
  readonly detail: string;
}

/** A whole timeline as shown, with what was wrong about its pages. */
export interface ShownTimeline {
  readonly items: readonly ShownPost[];
  readonly pages: number;
  readonly differences: readonly Difference[];
}

/** Pages through a whole timeline. A cursor that comes back, or an answer that is no page, ends the walk. */
export async function readTimeline(
  reader: string,
  limit: number,
  fetchPage: FetchPage,
): Promise<ShownTimeline> {
  const items: ShownPost[] = [];
  const differences: Difference[] = [];
  const cursors = new Set<string>();
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: TimelinePage = await fetchPage(reader, limit, cursor);
    pages++;
    items.push(...page.items);
    differences.push(...checkPage(reader, page, limit, pages));
    cursor = page.nextCursor;
    if (cursor !== null && cursors.has(cursor)) {
      differences.push({ reader, kind: 'page', detail: `the cursor of page ${pages} was given before` });
      break;
    }
    if (cursor !== null) cursors.add(cursor);
  } while (cursor !== null);
  return { items, pages, differences };
}

function checkPage(reader: string, page: TimelinePage, limit: number, number: number): Difference[] {
  const found = page.items.length;
  const wrong = (detail: string): Difference[] => [{ reader, kind: 'page', detail }];
  if (found > limit) return wrong(`page ${number} has ${found} items of at most ${limit}`);
  if (page.nextCursor !== null && found < limit) {
    return wrong(`page ${number} has ${found} items of ${limit}, and is not the last`);
  }
  if (number > 1 && found === 0) return wrong(`page ${number} is empty, and is not the first`);
  return [];
}
