import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../shared/terminal.js';

/** Of what the suite runs on. */
export interface Recording {
  /** Who follows whom; see `readFollows`. */
  readonly network: string;
  /** Who has posted; see `readAuthors`. */
  readonly log: string;
}

const NETWORK = 'higgs-retweet_network.edgelist.gz';
const LOG = 'higgs-activity_time.txt.gz';

/** Names the folder that has both files. */
const VARIABLE = 'HIGGS_DATA';

/** What is missing, and where it is to be had; undefined where nothing is. */
export function lacksRecording(): string | undefined {
  return found() === undefined
    ? `${VARIABLE} is to name a folder with ${NETWORK} and ${LOG}, which are in the SNAP collection (https://snap.stanford.edu/data/higgs-twitter.html; De Domenico et al. 2013)`
    : undefined;
}

/** @throws UsageError where it is missing */
export function recording(): Recording {
  const files = found();
  if (files === undefined) throw new UsageError(lacksRecording());
  return files;
}

function found(): Recording | undefined {
  const folder = process.env[VARIABLE];
  if (folder === undefined || folder === '') return undefined;
  const files = { network: join(folder, NETWORK), log: join(folder, LOG) };
  return existsSync(files.network) && existsSync(files.log) ? files : undefined;
}
