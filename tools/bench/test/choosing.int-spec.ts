import { readFileSync, writeFileSync } from 'node:fs';

import { main } from '../src/choosing/main.js';
import { readSection } from '../src/shared/page.js';
import { PageFolder, rowsBelow } from './measuring.js';

const folder = new PageFolder(main, 'docs/choosing-a-strategy.md');

/** The rows of the table below a heading: what is measured, of how many, and the figures. */
function patternsBelow(heading: string, text: string): { what: string; figures: string[] }[] {
  return rowsBelow(heading, text).map(([pattern = '', size = '', ...figures]) => ({
    what: `${pattern}: ${size}`,
    figures,
  }));
}

const KEPT = ['Lists', 'Timelines, pushed', 'Timelines, pulled', 'Streams'];
const ROWS = [
  ...['Pub/Sub, 10 connections', ...KEPT].map((pattern) => `${pattern}: 10`),
  ...['Pub/Sub, 20 connections', ...KEPT].map((pattern) => `${pattern}: 100`),
  ...['Pub/Sub, 20 connections', ...KEPT].map((pattern) => `${pattern}: 2,000`),
];
const FIGURE = /^[\d,.]+( \([\d,.]+–[\d,.]+\))?$/;

/** The numbers of a figure, which are there. */
function numbersOf(figure: string): number[] {
  return figure.match(/[\d,.]+/g)!.map((number) => Number(number.replaceAll(',', '')));
}

describe('choosing --check', () => {
  it('finds the committed table of capabilities to be what the code says', async () => {
    // Where nothing else is said, it is that of the documentation.
    const complaints: string[] = [];
    const terminal = { print: () => undefined, complain: (line: string) => void complaints.push(line) };
    expect(await main(['--check'], terminal)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('finds a table that is not', async () => {
    writeFileSync(
      folder.page,
      readFileSync(folder.page, 'utf8').replace('is lost to them', 'waits for them '),
    );
    const { code, complaints } = await folder.run('--check');
    expect(complaints).toMatch(/is not what the code says; `npm run choosing` writes it$/);
    expect(code).toBe(1);
  });
});

describe('choosing', () => {
  it('measures every pattern, and writes well-formed tables of figures', async () => {
    const committed = readFileSync(folder.page, 'utf8');
    const { code, complaints } = await folder.run('--quick');
    expect(complaints).toMatch(/^10 recipients\n( {2}round .*\n|\d+ recipients\n|teams\n)* {2}round 2 of 2$/);
    expect(code).toBe(0);
    const page = readFileSync(folder.page, 'utf8');
    const figures = readSection(page, 'figures');
    expect(figures).toMatch(/^\*\*This was a quick run/);
    expect(figures).toContain('`npm run choosing -- --quick`');
    expect(readSection(page, 'capabilities')).toBe(readSection(committed, 'capabilities'));

    expect(figures.replace(/\s+/g, ' ')).toContain(
      'Of 2,000 the first above 1,000 was refused with an `AudienceTooLargeError`',
    );

    const publishing = patternsBelow('Publishing', figures);
    const receiving = patternsBelow('Receiving', figures);
    const memory = patternsBelow('Memory', figures);
    const teams = patternsBelow('Teams', figures);
    for (const rows of [publishing, receiving, memory]) {
      expect(rows.map(({ what }) => what)).toEqual(ROWS);
      expect(rows.at(-1)?.figures[0]).toBe('refused above 1,000');
    }
    expect(teams.map(({ what }) => what)).toEqual(['Lists: 2', 'Lists: 10', 'Streams: 2', 'Streams: 10']);

    const words = ['written once', 'in publishing', 'as delivered', 'nothing waits'];
    const cells = [publishing, receiving.map(withoutAbsent), memory, teams].flatMap((rows) =>
      rows.flatMap((row) => row.figures),
    );
    const measured = cells.filter(
      (cell) => cell !== '' && !cell.startsWith('refused') && !words.includes(cell),
    );
    expect(measured.filter((cell) => !FIGURE.test(cell))).toEqual([]);
    expect(measured.flatMap(numbersOf).filter((number) => !(Number.isFinite(number) && number > 0))).toEqual(
      [],
    );
    // Nothing but the rows of what was refused has gaps.
    expect(cells.filter((cell) => cell === '')).toHaveLength(3 + 3 + 1);
    expect(receiving.slice(0, -1).map(({ figures: all }) => all.at(-1))).toEqual([
      ...['0 of 20', '30 of 30', '30 of 30', '110 of 110', '110 of 110'],
      ...['0 of 20', '30 of 30', '30 of 30', '110 of 110', '110 of 110'],
      ...['0 of 5', '15 of 15', '15 of 15', '110 of 110'],
    ]);

    folder.expectPretty(folder.page);
    // So that what a run waits for in vain is told by the run.
  }, 120_000);

  it('does not measure for a page that has no place for the figures', async () => {
    writeFileSync(folder.page, readFileSync(folder.page, 'utf8').replace('<!-- generated:figures -->', ''));
    const { code, complaints } = await folder.run();
    expect(complaints).toContain('the page has no place for what is generated: <!-- generated:figures -->');
    expect(code).toBe(1);
  });

  it('explains its use', async () => {
    expect(await folder.run('--help')).toMatchObject({
      code: 0,
      printed: expect.stringContaining('--quick') as unknown,
    });
    const { code, complaints } = await folder.run('--slow');
    expect(complaints).toContain('--help says more');
    expect(code).toBe(2);
  });
});

function withoutAbsent({ what, figures }: { what: string; figures: string[] }): {
  what: string;
  figures: string[];
} {
  return { what, figures: figures.slice(0, -1) };
}
