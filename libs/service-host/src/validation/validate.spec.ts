import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';

import { IsHttpUrlList, IsText } from './decorators.js';
import { validate } from './validate.js';

class Inner {
  @IsText(3)
  readonly name!: string;
}

class Outer {
  @ValidateNested({ each: true })
  @Type(() => Inner)
  readonly inner!: Inner[];

  @IsHttpUrlList(2, { optional: true })
  readonly urls?: string[];
}

describe('validate', () => {
  it('makes an instance of what is right', () => {
    const { value } = validate(Outer, { inner: [{ name: 'a' }] });
    expect(value).toBeInstanceOf(Outer);
    expect(value?.inner[0]).toBeInstanceOf(Inner);
  });

  it('names the way to what is wrong', () => {
    const { errors } = validate(Outer, {
      inner: [{ name: 'a' }, { name: 'long', extra: 1 }],
      urls: ['http://a', 1],
    });
    expect(errors?.map(({ field }) => field).sort()).toEqual(['inner.1.extra', 'inner.1.name', 'urls.1']);
  });

  it.each([null, [], 'a', 1, undefined])('refuses %p', (value) => {
    expect(validate(Outer, value).errors).toEqual([{ field: '', message: 'must be a JSON object' }]);
  });

  it('drops what is unknown where it is told to', () => {
    const { value } = validate(Inner, { name: 'a', constructor: 1, other: 2 }, 'drop');
    expect(value).toEqual(Object.assign(new Inner(), { name: 'a' }));
  });
});
