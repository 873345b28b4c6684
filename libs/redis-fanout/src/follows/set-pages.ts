import { InvalidCursorError } from '../errors.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import type { Page } from '../timelines/timelines.js';

/** A set that is read in pages, possibly one of several that follow each other. */
export interface SetLocation {
  readonly partition: number;
  readonly key: string;
}

/** Where reading goes on: in which set, at which cursor of SSCAN, behind which member of what that gives. */
interface SetPosition {
  readonly set: number;
  readonly scan: string;
  readonly after: string;
}

/** Always the same: a cursor names a place in what one call gave. */
const SCAN_COUNT = 128;

/**
 * A page of the members of several sets, one after the other. Members that are there all the time come once each, in
 * no order; where the sets change meanwhile one may come twice.
 *
 * @throws InvalidCursorError
 */
export async function pageOfSets(
  redis: PartitionedRedis,
  sets: readonly SetLocation[],
  limit: number,
  cursor: string | undefined,
): Promise<Page<string>> {
  let position = cursor === undefined ? startOf(0) : decode(cursor, sets.length);
  const found: { readonly member: string; readonly position: SetPosition }[] = [];
  // One more than the page holds, to know whether it is the last.
  for (let set = sets[position.set]; set !== undefined && found.length <= limit; set = sets[position.set]) {
    const [next, members] = await scan(redis, set, position.scan);
    const { set: index, scan: at }: SetPosition = position;
    found.push(
      ...behind(members, position.after).map((member) => ({
        member,
        position: { set: index, scan: at, after: member },
      })),
    );
    position = next === '0' ? startOf(index + 1) : { set: index, scan: next, after: '' };
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ member }) => member),
    nextCursor: found.length > limit && last ? encode(last.position) : null,
  };
}

function startOf(set: number): SetPosition {
  return { set, scan: '0', after: '' };
}

async function scan(
  redis: PartitionedRedis,
  { partition, key }: SetLocation,
  cursor: string,
): Promise<[string, string[]]> {
  const [reply] = await redis.pipeline([{ partition, command: ['SSCAN', key, cursor, 'COUNT', SCAN_COUNT] }]);
  const [next, members] = reply as [string, string[]];
  // Redis gives them in another order when it moves them to a larger table.
  return [next, [...new Set(members)].sort()];
}

/** The members behind one that was served, also where that one has gone. */
function behind(members: readonly string[], after: string): readonly string[] {
  return members.filter((member) => member > after);
}

function encode({ set, scan: at, after }: SetPosition): string {
  return Buffer.from([set, at, after].join(':')).toString('base64url');
}

function decode(cursor: string, sets: number): SetPosition {
  const match = /^(\d{1,4}):(\d{1,20}):([\w-]{1,64})$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  const [, set = '', at = '', after = ''] = match ?? [];
  const position = { set: Number(set), scan: at, after };
  // A cursor of SSCAN has 64 bits; Redis refuses a larger one.
  const isInRange = position.set < sets && BigInt(at) < 2n ** 64n;
  if (match === null || !isInRange || encode(position) !== cursor) throw new InvalidCursorError();
  return position;
}
