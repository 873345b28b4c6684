import {
  InvalidNameError,
  InvalidOptionError,
  InvalidPayloadError,
  PayloadTooLargeError,
} from '../errors.js';

const MAX_LEASE_MS = 24 * 3600 * 1000;

/** @throws InvalidNameError unless all can be sources or recipients: scripts put them into keys as they are. */
export function checkNames(...names: readonly string[]): void {
  if (!names.every((name) => /^[\w.:@/-]{1,128}$/.test(name))) {
    throw new InvalidNameError();
  }
}

/** @throws InvalidOptionError */
export function checkWhole(option: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidOptionError(option, `a whole number from ${min} to ${max}`);
  }
  return value;
}

/** @throws InvalidOptionError */
export function checkLease(leaseMs: number): number {
  return checkWhole('leaseMs', leaseMs, 10, MAX_LEASE_MS);
}

/** @throws InvalidOptionError */
export function checkIdempotencyKey(key: string): void {
  if (!/^[ -~]{1,255}$/.test(key)) {
    throw new InvalidOptionError('idempotencyKey', '1 to 255 characters of printable ASCII');
  }
}

/** What `acknowledge` is given, as a list without repeats. @throws InvalidOptionError */
export function checkIds(ids: string | readonly string[]): readonly string[] {
  const list = typeof ids === 'string' ? [ids] : [...new Set(ids)];
  if (list.length > 1000 || !list.every((id) => /^[ -~]{1,300}$/.test(id))) {
    throw new InvalidOptionError('ids', 'up to 1,000 ids of messages');
  }
  return list;
}

/** The JSON of a payload. @throws InvalidPayloadError, PayloadTooLargeError */
export function encodePayload(payload: unknown, maxBytes: number): string {
  const json = toJson(payload);
  if (json === undefined) throw new InvalidPayloadError();
  const bytes = Buffer.byteLength(json);
  if (bytes > maxBytes) throw new PayloadTooLargeError(bytes, maxBytes);
  return json;
}

function toJson(payload: unknown): string | undefined {
  try {
    // Of undefined, functions and symbols there is no JSON.
    return JSON.stringify(payload);
  } catch (error) {
    throw new InvalidPayloadError(error);
  }
}
