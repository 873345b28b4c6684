type Token = '*' | ((char: string) => boolean);

/**
 * Whether texts match a pattern of Redis: `*`, `?`, `[ab]`, `[^a]`, `[a-z]`, and a backslash before what stands for
 * itself. Follows `stringmatchlen` of Redis also in its corners: a class that nothing closes ends with the pattern, an
 * empty one matches nothing, and a range may be given backwards.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, text);
}

/** Where it fails only the last star is tried longer: earlier ones cannot help, and many of them cost nothing. */
function matches(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let token = 0;
  let afterStar = -1;
  let retryAt = 0;
  while (at < text.length) {
    const expected = tokens[token];
    if (expected === '*') {
      afterStar = ++token;
      retryAt = at;
    } else if (expected?.(text.charAt(at)) === true) {
      at++;
      token++;
    } else if (afterStar >= 0) {
      token = afterStar;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') tokens.push('*');
    else if (char === '?') tokens.push(() => true);
    else if (char === '[') {
      const { token, end } = classOf(pattern, at + 1);
      tokens.push(token);
      at = end;
    } else if (char === '\\' && at + 1 < pattern.length) tokens.push(literal(pattern.charAt(++at)));
    else tokens.push(literal(char));
  }
  return tokens;
}

function literal(char: string): Token {
  return (other) => other === char;
}

/** The class that begins after a bracket, and where it ends. */
function classOf(pattern: string, start: number): { readonly token: Token; readonly end: number } {
  const negated = pattern.charAt(start) === '^';
  const ranges: (readonly [string, string])[] = [];
  let at = negated ? start + 1 : start;
  for (; at < pattern.length && pattern.charAt(at) !== ']'; at++) {
    if (pattern.charAt(at) === '\\' && at + 1 < pattern.length) at++;
    else if (pattern.charAt(at + 1) === '-' && at + 2 < pattern.length) {
      const [from, to] = [pattern.charAt(at), pattern.charAt(at + 2)];
      ranges.push(from < to ? [from, to] : [to, from]);
      at += 2;
      continue;
    }
    ranges.push([pattern.charAt(at), pattern.charAt(at)]);
  }
  const token = (char: string): boolean =>
    ranges.some(([from, to]) => from <= char && char <= to) !== negated;
  return { token, end: at };
}
