import { type ModelPost } from './model.js';
import { type Difference, type ShownPost } from './timeline.js';

/** Of each kind of difference so many are told: the first ones say what is wrong. */
const TOLD_OF_A_KIND = 3;

/**
 * Compares one timeline with what is expected of it: every post of the model, but those past `keptPostsPerAuthor` of
 * their author may be absent; nothing else, nothing twice, in the model's order, with descending ids.
 */
export function compareTimeline(
  reader: string,
  expected: readonly ModelPost[],
  shown: readonly ShownPost[],
  keptPostsPerAuthor: number,
): Difference[] {
  const places = new Map(expected.map((post, place) => [keyOf(post), place]));
  const placed = shown.map((post) => ({
    post,
    place: places.get(keyOf({ ...post, atMs: Date.parse(post.createdAt) })),
  }));
  return [
    ...first(
      reader,
      'missing',
      missing(expected, new Set(placed.map(({ place }) => place)), keptPostsPerAuthor),
    ),
    ...first(reader, 'surplus', surplus(placed)),
    ...first(reader, 'twice', twice(placed)),
    ...first(reader, 'order', misplaced(placed)),
    ...first(reader, 'id', badIds(shown)),
  ];
}

interface Placed {
  readonly post: ShownPost;
  /** Where the model has this post; undefined where it has no such post. */
  readonly place: number | undefined;
}

function first(reader: string, kind: Difference['kind'], details: Iterable<string>): Difference[] {
  const differences: Difference[] = [];
  for (const detail of details) {
    differences.push({ reader, kind, detail });
    if (differences.length === TOLD_OF_A_KIND) break;
  }
  return differences;
}

function* missing(
  expected: readonly ModelPost[],
  shown: ReadonlySet<number | undefined>,
  keptPostsPerAuthor: number,
): Generator<string> {
  const counts = new Map<string, number>();
  for (const [place, post] of expected.entries()) {
    const count = (counts.get(post.author) ?? 0) + 1;
    counts.set(post.author, count);
    if (count <= keptPostsPerAuthor && !shown.has(place)) yield describe(post);
  }
}

function* surplus(placed: readonly Placed[]): Generator<string> {
  for (const { post, place } of placed) if (place === undefined) yield describe(post);
}

function* twice(placed: readonly Placed[]): Generator<string> {
  const seen = new Set<number>();
  for (const { post, place } of placed) {
    if (place === undefined) continue;
    if (seen.has(place)) yield describe(post);
    seen.add(place);
  }
}

function* misplaced(placed: readonly Placed[]): Generator<string> {
  let previous: Placed | undefined;
  for (const each of placed) {
    if (each.place === undefined) continue;
    if (previous?.place !== undefined && each.place < previous.place) {
      yield `${describe(each.post)} comes after ${describe(previous.post)}`;
    }
    previous = each;
  }
}

function* badIds(shown: readonly ShownPost[]): Generator<string> {
  let previous: string | undefined;
  for (const { id } of shown) {
    if (previous !== undefined && !(id < previous)) yield `${id} comes after ${previous}`;
    previous = id;
  }
}

function keyOf(post: Pick<ModelPost, 'author' | 'text' | 'atMs'>): string {
  return `${post.author} ${post.atMs} ${post.text}`;
}

function describe(post: ShownPost | ModelPost): string {
  // The model's ids are its own.
  const [id, at] =
    'createdAt' in post ? [`${post.id} `, post.createdAt] : ['', new Date(post.atMs).toISOString()];
  return `${id}${post.author} at ${at}: ${JSON.stringify(post.text.slice(0, 80))}`;
}
