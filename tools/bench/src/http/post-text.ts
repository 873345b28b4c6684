import { below, type Random } from '../shared/random.js';
import { TEXT_LENGTH } from './plan.js';

const WORDS = 'all that is written here was written by nobody and says nothing to anybody who reads it'.split(
  ' ',
);
/** Words that are not ASCII, or are escaped in JSON. */
const ODD_WORDS = ['naïve', '"so-called"', 'line\nbreak', '🌍'];
/** One post of so many has some of them. */
const ODD_POST = 5;

/** The text of a post: of equal length, and of as many kinds of characters as posts of people have. */
export function postText(random: Random): string {
  const words = below(ODD_POST, random) === 0 ? [...WORDS, ...ODD_WORDS] : WORDS;
  let text = '';
  while (text.length < 2 * TEXT_LENGTH) text += `${words[below(words.length, random)] ?? ''} `;
  // By code points, so that no half of a pair of surrogates is left at the end.
  return Array.from(text).slice(0, TEXT_LENGTH).join('');
}
