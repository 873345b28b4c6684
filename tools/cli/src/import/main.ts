import { UsageError } from '../arguments.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { importFiles, type ImportSummary } from './import-files.js';
import { IMPORT_HELP, parseImportOptions } from './options.js';

/** The command `import`. Resolves with the exit code: 1 where anything was rejected or broke off, 2 for bad usage. */
export async function main(argv: readonly string[], terminal = processTerminal()): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort(new Error('interrupted'));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const options = parseImportOptions(argv);
    if (options === 'help') {
      terminal.print(IMPORT_HELP);
      return 0;
    }
    return report(await importFiles(options, terminal, interrupted.signal), terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.complain(`import: ${error.message} (--help says more)`);
    return 2;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function report(summary: ImportSummary, terminal: Terminal): number {
  const { counts, failure, seconds } = summary;
  const rejected = counts.rejected + summary.unreadable;
  terminal.print(
    `${counts.lines} lines in ${seconds.toFixed(1)} s (${Math.round(counts.lines / seconds)} lines/s): ` +
      `${counts.follows} follows, ${counts.posts} posts, ${counts.messages} messages, ${rejected} rejected`,
  );
  if (summary.selfLoops > 0) terminal.print(`${summary.selfLoops} edges to oneself left out`);
  for (const rejection of summary.rejections) terminal.complain(rejection);
  if (rejected > summary.rejections.length) {
    terminal.complain(`and ${rejected - summary.rejections.length} more were rejected`);
  }
  if (failure !== undefined) {
    terminal.complain(`The import broke off: ${failure}.`);
    terminal.complain('Running it again is safe: follows, and posts with a time, are stored once.');
  }
  return rejected > 0 || failure !== undefined ? 1 : 0;
}
