import { SingleBar } from 'cli-progress';

import { type Terminal } from '../terminal.js';

export interface ProgressState {
  readonly file: string;
  /** How much of the file has been taken, from 0 to 1. */
  readonly part: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly rejected: number;
}

/** Shows how far an import is. */
export interface Progress {
  /** Called often; shows what is worth showing. */
  update(state: ProgressState): void;
  /** The file is over. */
  stop(): void;
}

const PLAIN_EVERY_MS = 5000;
const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on a terminal, a plain line every few seconds elsewhere, nothing where it should be quiet. */
export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  if (quiet) return SILENT;
  return terminal.progress.isTTY === true ? bar(terminal.progress) : plain(terminal);
}

function bar(stream: NodeJS.WritableStream): Progress {
  let shown: SingleBar | undefined;
  return {
    update: (state) => {
      if (shown === undefined) {
        shown = new SingleBar({
          format: '{file} [{bar}] {percentage}% {lines} lines, {speed} lines/s, {rejected} rejected',
          hideCursor: true,
          stream,
        });
        shown.start(1, 0, payload(state));
      }
      shown.update(state.part, payload(state));
    },
    stop: () => {
      shown?.stop();
      shown = undefined;
    },
  };
}

function payload(state: ProgressState): object {
  return {
    file: state.file,
    lines: state.lines,
    speed: Math.round(state.linesPerSecond),
    rejected: state.rejected,
  };
}

function plain(terminal: Terminal): Progress {
  let next = terminal.now() + PLAIN_EVERY_MS;
  return {
    update: (state) => {
      if (terminal.now() < next) return;
      next = terminal.now() + PLAIN_EVERY_MS;
      terminal.progress.write(
        `${state.file}: ${Math.floor(100 * state.part)} %, ${state.lines} lines acknowledged, ` +
          `${Math.round(state.linesPerSecond)} lines/s, ${state.rejected} rejected\n`,
      );
    },
    stop: () => undefined,
  };
}
