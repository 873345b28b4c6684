import { homePartition, isPostId, partitionDigits, publishedAtMs } from './post-id.js';

describe('a post id', () => {
  it('tells its time and its partition', () => {
    expect(publishedAtMs('1764000000123007042')).toBe(1_764_000_000_123);
    expect(homePartition('1764000000123007042')).toBe(7);
    expect(partitionDigits(7)).toBe('007');
  });

  it.each(['', '1', '17640000001230070421', '176400000012300704x', '9999999999999999999'])(
    'is not %p',
    (text) => {
      expect(isPostId(text)).toBe(false);
    },
  );

  it('may be of 1970', () => {
    expect(isPostId('0000000000000000000')).toBe(true);
  });
});
