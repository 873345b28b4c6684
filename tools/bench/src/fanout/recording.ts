import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * Reads who follows whom from lines `reader author …`, packed by gzip: users are whole numbers, and what comes after them
 * does not matter. Answers the followers of each user, by the user's number; users without a follower have an empty list.
 *
 * @throws Error where a line is not like that
 */
export function readFollows(file: string): Int32Array[] {
  const audiences: number[][] = [];
  let users = 0;
  forEachLine(file, 2, ([reader, author]) => {
    (audiences[author] ??= []).push(reader);
    users = Math.max(users, reader + 1, author + 1);
  });
  return Array.from({ length: users }, (_, author) => Int32Array.from(new Set(audiences[author])));
}

/**
 * Reads who has posted from lines `author …`, in their order, packed by gzip.
 *
 * @throws Error where a line is not like that
 */
export function readAuthors(file: string): number[] {
  const authors: number[] = [];
  forEachLine(file, 1, ([author]) => void authors.push(author));
  return authors;
}

/** Numbers of users are in their names, which have seven digits. */
const MAX_USER = 3_999_999;

function forEachLine(file: string, users: 1 | 2, take: (of: readonly [number, number]) => void): void {
  const lines = gunzipSync(readFileSync(file)).toString('latin1').split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [first = NaN, second = NaN] = line.split(/\s+/, 2).map(Number);
    const isWhole = [first, second]
      .slice(0, users)
      .every((n) => Number.isInteger(n) && n >= 0 && n <= MAX_USER);
    if (!isWhole) throw new Error(`${file}, line ${i + 1}: '${line}' does not begin with ${users} users`);
    take([first, second]);
  }
}
