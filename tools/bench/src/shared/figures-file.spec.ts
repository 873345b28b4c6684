import { figuresText } from './figures-file.js';

it('writes lists of plain values as texts, and all others as they are', () => {
  const figures = { plan: { sizes: [10, 200], ways: ['push'] }, results: [{ turns: [{ n: 1 }] }], none: [] };
  expect(JSON.parse(figuresText(figures))).toEqual({
    ...figures,
    plan: { sizes: '10 200', ways: 'push' },
  });
});
