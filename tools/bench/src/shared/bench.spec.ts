import { describeBench } from './bench.js';

it('tells the command, the commit, the machine, the versions, the cores and the load', () => {
  const setting = { machine: 'a machine', commit: 'commit abc', cores: {}, load: 0.25 };
  expect(
    describeBench({ ...setting, versions: { ws: '8', ioredis: '6' } }, 'npm run bench').replace(/\s+/g, ' '),
  ).toBe(
    'Measured by `npm run bench` at commit abc, on a machine, ws 8, ioredis 6; no process was bound to a core; the load ' +
      'average before was 0.25',
  );
});
