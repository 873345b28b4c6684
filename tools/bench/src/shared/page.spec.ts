import { readSection, writeSection } from './page.js';

const PAGE = `# Title

<!-- generated:capabilities -->

old

<!-- /generated:capabilities -->

between

<!-- generated:figures -->

<!-- /generated:figures -->
`;

describe('a section of a page', () => {
  it('is read', () => {
    expect(readSection(PAGE, 'capabilities')).toBe('old');
    expect(readSection(PAGE, 'figures')).toBe('');
  });

  it('is written, and nothing else', () => {
    expect(writeSection(PAGE, 'capabilities', 'new\n\ntext')).toBe(PAGE.replace('old', 'new\n\ntext'));
    expect(writeSection(PAGE, 'figures', 'new')).toBe(
      PAGE.replace('<!-- generated:figures -->\n', '<!-- generated:figures -->\n\nnew\n'),
    );
  });

  it.each([
    ['has no beginning', PAGE.replace('<!-- generated:figures -->', '')],
    ['has no end', PAGE.replace('<!-- /generated:figures -->', '')],
    ['is there twice', PAGE + PAGE],
    ['ends before it begins', '<!-- /generated:figures -->\n\n<!-- generated:figures -->\n'],
  ])('that %s is not written', (_, page) => {
    expect(() => writeSection(page, 'figures', 'new')).toThrow('no place for what is generated');
  });
});
