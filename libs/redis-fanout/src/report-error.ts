/** Tells whoever asked for it of an error, or the process where nobody did. */
export function reportError(
  { onError }: { readonly onError?: ((error: unknown) => void) | undefined },
  error: unknown,
): void {
  if (onError !== undefined) onError(error);
  else if (!(error instanceof Error)) process.emitWarning(String(error));
  else process.emitWarning(error.message, { type: error.name, detail: error.stack ?? '' });
}
