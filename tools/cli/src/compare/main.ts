import { UsageError } from '../arguments.js';
import { readImportLine } from '../input/line.js';
import { readInput } from '../input/read-input.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { compareTimelines, type Comparison } from './compare.js';
import { ImportModel } from './model.js';
import { COMPARE_HELP, type CompareCommand, parseCompareOptions } from './options.js';
import { pickReaders } from './readers.js';
import { timelineService, untilSettled } from './services.js';

const SHOWN_DIFFERENCES = 20;
const PROGRESS_EVERY_MS = 3000;

/** The command `compare`. Resolves with the exit code: 1 where anything differs, 2 for bad usage. */
export async function main(argv: readonly string[], terminal = processTerminal()): Promise<number> {
  try {
    const command = parseCompareOptions(argv);
    if (command === 'help') {
      terminal.print(COMPARE_HELP);
      return 0;
    }
    return report(await compare(command, terminal), terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.complain(`compare: ${error.message} (--help says more)`);
      return 2;
    }
    terminal.complain(`compare: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function compare(command: CompareCommand, terminal: Terminal): Promise<Comparison> {
  const model = await readModel(command);
  const readers = pickReaders(model, command.readers, command.seed);
  terminal.complain(
    `${model.postCount} posts, ${model.users.length} users; comparing ${readers.length} timelines`,
  );
  const every = sparingly(terminal);
  if (command.wait) {
    await untilSettled(command.workerUrl, {
      onProgress: (left) => {
        every(`waiting for the fan-out: ${left} posts to deliver`);
      },
    });
  }
  return compareTimelines({
    model,
    readers,
    limits: command.limits,
    fetchPage: timelineService(command.timelineUrl),
    onReader: (done) => {
      every(`${done} of ${readers.length} timelines compared`);
    },
  });
}

async function readModel(command: CompareCommand): Promise<ImportModel> {
  const model = new ImportModel({ partitions: command.partitions });
  for (const name of command.files) {
    const file = await readInput(name, { as: command.as, limit: command.lines }, () => undefined);
    for await (const batch of file.batches) {
      for (const { json } of batch) {
        const line = readImportLine(json);
        if (line !== undefined) model.add(line);
      }
    }
  }
  return model;
}

function sparingly(terminal: Terminal): (line: string) => void {
  let next = terminal.now() + PROGRESS_EVERY_MS;
  return (line) => {
    if (terminal.now() < next) return;
    next = terminal.now() + PROGRESS_EVERY_MS;
    terminal.complain(line);
  };
}

function report({ readers, posts, pages, differences }: Comparison, terminal: Terminal): number {
  for (const { reader, kind, detail } of differences.slice(0, SHOWN_DIFFERENCES)) {
    terminal.print(`${reader}: ${kind}: ${detail}`);
  }
  const differing = new Set(differences.map(({ reader }) => reader)).size;
  terminal.print(
    `${readers} timelines, ${posts} posts on ${pages} pages: ` +
      (differing === 0 ? 'all as they should be' : `${differing} timelines differ`),
  );
  return differing === 0 ? 0 : 1;
}
