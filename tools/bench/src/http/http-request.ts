/** A request of a load. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** The request with the headers that its body asks for; its length is told by who sends it. */
export function withHeaders(
  request: HttpRequest,
): HttpRequest & { readonly headers: Record<string, string> } {
  const headers: Record<string, string> =
    request.body === undefined ? {} : { 'content-type': 'application/json' };
  return { ...request, headers };
}
