/** What somebody has taken: one handing out of a message, which a later one outdates. */
export interface HandedOut {
  readonly id: string;
  readonly attempt: number;
}

/** As scripts take them. */
export function handedOut(messages: readonly HandedOut[]): (string | number)[] {
  return messages.flatMap(({ id, attempt }) => [id, attempt]);
}
