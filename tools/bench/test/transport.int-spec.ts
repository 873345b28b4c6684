import { CONTESTANTS } from '../src/transport/contestant.js';
import { expectFigures, PageFolder, rowsBelow } from './measuring.js';

const folder = new PageFolder();

describe('bench transport', () => {
  it('has every event handled once, and draws pictures', async () => {
    const { section, figures } = await folder.measure('transport');
    expectFigures(figures.results, CONTESTANTS);
    const names = CONTESTANTS.map(({ name }) => name);
    const tables = {
      'Events as fast as they go': [names, 5],
      '500 events a second': [names, 5],
      'A backlog, sent': [names.slice(0, 2), 5],
      'A backlog, handled': [names.slice(0, 2), 4],
    } as const;
    for (const [heading, [contestants, columns]] of Object.entries(tables)) {
      const rows = rowsBelow(heading, section);
      expect(rows.map(([name]) => name)).toEqual(contestants);
      const cells = rows.flatMap(([, ...figuresOfRow]) => figuresOfRow);
      expect(cells).toHaveLength(contestants.length * columns);
      expect(cells.filter((cell) => !(Number(cell.replaceAll(',', '')) > 0))).toEqual([]);
    }
    folder.expectPictures(section);
    // So that what a run waits for in vain is told by the run.
  }, 180_000);
});
