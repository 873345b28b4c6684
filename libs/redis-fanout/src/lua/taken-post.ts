/** What the scripts that take a post answer alike: `backlog` counts the events of the post's partition that wait. */
export type TakenPost =
  | { readonly outcome: 'published'; readonly id: string; readonly backlog: number }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'backlog-full'; readonly backlog: number };

/** The answer of a script that takes a post. */
export type TakenReply<Other extends string> = readonly [
  outcome: TakenPost['outcome'] | Other,
  value: string | number,
  backlog: number,
];

/** Reads what the scripts answer alike; undefined for what only one of them answers. */
export function takenPost([outcome, value, backlog]: TakenReply<string>): TakenPost | undefined {
  switch (outcome) {
    case 'published':
      return { outcome, id: String(value), backlog };
    case 'replayed':
      return { outcome, id: String(value) };
    case 'backlog-full':
      return { outcome, backlog: Number(value) };
    default:
      return undefined;
  }
}
