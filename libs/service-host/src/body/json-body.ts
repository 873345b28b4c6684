import { invalidRequest } from '../problems/problem.exception.js';

/** Deeper than any body of the contract, and shallow enough for every recursive reader of a body. */
const MAX_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON body. Throws an `invalid-request` problem for bytes that are not UTF-8 (they would be replaced silently
 * otherwise), for malformed JSON, and for objects that could change a prototype or are nested without reason.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const value = parse(decode(bytes));
  refuseTraps(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw invalidRequest('the body is not valid UTF-8', undefined, cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalidRequest('the body is not valid JSON', undefined, cause);
  }
}

/** Walks without recursion: a body of 64 KiB can be nested 65,000 deep. */
function refuseTraps(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw invalidRequest(`the body is nested more than ${MAX_DEPTH} deep`);
    }
    level = level.flatMap(childrenOf);
  }
}

function childrenOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (Object.hasOwn(value, '__proto__')) {
    throw invalidRequest('the body has a field named __proto__');
  }
  return Object.values(value).filter((child) => typeof child === 'object' && child !== null);
}
