import { readFileSync } from 'node:fs';

const folder = new URL('../../../../../libs/redis-fanout/src/lua/', import.meta.url);

/** The library's script that publishes a post, with its fragments in their places. */
export function publishScript(): string {
  return withFragments('publish-post', new Set());
}

function withFragments(name: string, included: Set<string>): string {
  return readFileSync(new URL(`${name}.lua`, folder), 'utf8').replace(
    /^--@include (\S+)$/gm,
    (_, fragment: string) => {
      if (included.has(fragment)) return '';
      included.add(fragment);
      return withFragments(`fragments/${fragment}`, included);
    },
  );
}
