/** Tells whoever asked for it of an error, or the process where nobody did. */
export function reportError(
  { onError }: { readonly onError?: ((error: unknown) => void) | undefined },
  error: unknown,
): void {
  if (onError === undefined) {
    warn(error);
    return;
  }
  try {
    onError(error);
  } catch (thrown) {
    // It must not end the loop that tells of an error.
    warn(thrown);
  }
}

function warn(error: unknown): void {
  if (!(error instanceof Error)) process.emitWarning(String(error));
  else process.emitWarning(error.message, { type: error.name, detail: error.stack ?? '' });
}
