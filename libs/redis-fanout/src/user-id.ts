import { InvalidUserIdError } from './errors.js';

/** Whether a text can be a user's id: scripts put ids into keys, events and JSON as they are. */
export function isUserId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

/** @throws InvalidUserIdError */
export function checkUserIds(...users: readonly string[]): void {
  if (!users.every(isUserId)) throw new InvalidUserIdError();
}
