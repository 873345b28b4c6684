import { disorderOf } from './disorder.js';

describe('disorderOf', () => {
  it.each([
    ['nothing', [], '0', [], []],
    ['what descends', ['5', '4', '3'], '2', [], []],
    ['an old id at the head', ['1', '5', '4', '3'], '0', [], ['1']],
    ['a new id at the end', ['5', '4', '3', '6'], '0', [], ['6']],
    ['an id twice in a row', ['5', '5', '4'], '0', ['5'], []],
    ['an id twice, once at the head', ['3', '5', '4', '3'], '0', ['3'], []],
    ['ids at and below the floor', ['5', '4', '3'], '4', [], ['4', '3']],
    ['two in the wrong order', ['6', '4', '5', '3'], '0', [], ['4']],
  ])('says of %s what is wrong', (_what, ids, floor, doubles, misplaced) => {
    expect(disorderOf(ids, floor)).toEqual({ doubles, misplaced });
  });
});
