import { type ImportModel } from './model.js';
import { seededRandom, shuffle } from './random.js';

/**
 * Chooses whose timelines to compare: a third follows the most, a third the fewest, a third is drawn at random. All
 * users where there are no more than that.
 */
export function pickReaders(model: ImportModel, count: number, seed = 1): string[] {
  const byFollowees = model.users
    .map((user) => ({ user, followees: model.followees(user).size }))
    .sort((a, b) => b.followees - a.followees || (a.user < b.user ? -1 : 1))
    .map(({ user }) => user);
  if (byFollowees.length <= count) return byFollowees;
  const third = Math.floor(count / 3);
  const busiest = byFollowees.slice(0, third);
  const quietest = byFollowees.slice(byFollowees.length - third);
  const others = shuffle(byFollowees.slice(third, byFollowees.length - third), seededRandom(seed));
  return [...busiest, ...quietest, ...others.slice(0, count - 2 * third)];
}
