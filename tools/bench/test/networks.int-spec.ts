import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { CONTESTANTS } from '../src/networks/contestants.js';
import { below, seededRandom } from '../src/shared/random.js';
import { expectFigures, PageFolder } from './measuring.js';

const USERS = 300;
const EVENTS = 400;

const folder = new PageFolder();
let dataBefore: string | undefined;
beforeEach(() => {
  dataBefore = process.env.HIGGS_DATA;
  process.env.HIGGS_DATA = folder.path;
});
afterEach(() => {
  if (dataBefore === undefined) delete process.env.HIGGS_DATA;
  else process.env.HIGGS_DATA = dataBefore;
});

/** Files like the recorded ones: most follow few, and half of the users are followed by nobody. */
function writeRecording(): { readonly follows: number } {
  const random = seededRandom(1);
  const follows = new Map<string, string>();
  for (let i = 0; i < 3000; i++) {
    const [reader, author] = [below(USERS, random), Math.floor((below(USERS, random) * random()) / 2)];
    follows.set(`${reader} ${author}`, `${reader} ${author} ${1 + below(9, random)}`);
  }
  const log = Array.from(
    { length: EVENTS },
    (_, i) => `${below(USERS, random)} ${below(USERS, random)} ${1_341_100_972 + i} RT`,
  );
  writePacked('higgs-retweet_network.edgelist.gz', [...follows.values()]);
  writePacked('higgs-activity_time.txt.gz', log);
  return { follows: follows.size };
}

function writePacked(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder.path, name), gzipSync(`${lines.join('\n')}\n`));
}

describe('bench networks', () => {
  it('has every contestant deliver the log of a network', async () => {
    const { follows } = writeRecording();
    const { section, figures } = await folder.measure('networks');
    expectFigures(figures.results, CONTESTANTS);
    expect(figures.contents).toMatchObject({ follows, events: EVENTS, measured: { events: 200 } });
    for (const { name } of CONTESTANTS) expect(section).toContain(`| ${name} `);
    expect(JSON.stringify(figures)).not.toContain(folder.path);
  }, 120_000);

  it('says what it needs where that is not there', async () => {
    const { code, complaints } = await folder.run('networks', '--quick');
    expect(complaints).toMatch(
      /HIGGS_DATA is to name a folder with higgs-retweet_network\.edgelist\.gz .*snap\.stanford\.edu/,
    );
    expect(code).toBe(2);
  });

  it('is told of a line that is none', async () => {
    writeRecording();
    writePacked('higgs-retweet_network.edgelist.gz', ['1 2 1', '3 four 1']);
    const { code, complaints } = await folder.run('networks', '--quick');
    expect(complaints).toMatch(/edgelist\.gz, line 2: '3 four 1' does not begin with 2 users/);
    expect(code).toBe(1);
  });
});
