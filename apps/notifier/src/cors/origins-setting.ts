import type { Setting } from 'service-host';

/** Stands for every origin. */
export const ANY_ORIGIN = '*';

/** Origins as browsers write them, parted by commas, or `*`. Default: none. */
export function origins(name: string): Setting<readonly string[]> {
  return {
    name,
    fallback: { value: [] },
    allowed: 'must be * or origins such as https://example.org, parted by commas',
    secret: false,
    parse: (text) => {
      const given = text.split(',').map((part) => part.trim());
      return text === ANY_ORIGIN || given.every(isOrigin) ? given : undefined;
    },
  };
}

/** Origins are compared as text: one with a path, a wildcard, or a port that goes without saying, would never be met. */
function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
