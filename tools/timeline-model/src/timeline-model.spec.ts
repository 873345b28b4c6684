import { TimelineModel } from './timeline-model.js';

const post = (id: string, author = 'ann'): { id: string; author: string; text: string } => ({
  id,
  author,
  text: id,
});

describe('TimelineModel', () => {
  it('shows the posts of a reader and of everyone they follow, newest first', () => {
    const model = new TimelineModel();
    model.follow('bob', 'ann');
    for (const each of [post('1'), post('4', 'bob'), post('2', 'cid'), post('3')]) model.publish(each);
    expect(model.timeline('bob').map(({ id }) => id)).toEqual(['4', '3', '1']);
    expect(model.timeline('nobody')).toEqual([]);
    model.delete('3');
    model.edit('1', 'changed');
    expect(model.timeline('bob').map(({ text }) => text)).toEqual(['4', 'changed']);
    expect(model.users).toEqual(['bob', 'ann', 'cid']);
  });

  it('hides who is muted, and ends a follow where somebody is blocked', () => {
    const model = new TimelineModel();
    model.publish(post('1'));
    model.follow('bob', 'ann');
    model.mute('bob', 'ann');
    expect([model.timeline('bob'), model.followers('ann')]).toEqual([[], ['bob']]);
    model.unmute('bob', 'ann');
    expect(model.timeline('bob')).toHaveLength(1);
    model.block('ann', 'bob');
    model.follow('bob', 'ann');
    expect([model.timeline('bob'), model.following('bob').size]).toEqual([[], 0]);
    model.unblock('ann', 'bob');
    model.follow('bob', 'ann');
    expect(model.timeline('bob')).toHaveLength(1);
  });

  it('lists the newest posts of an author; what has fallen off does not come back, nor what is older', () => {
    const model = new TimelineModel({ authorMaxPosts: 2 });
    for (const id of ['2', '3', '4']) model.publish(post(id));
    expect(model.postsOf('ann').map(({ id }) => id)).toEqual(['4', '3']);
    model.delete('4');
    model.publish(post('1'));
    expect(model.postsOf('ann').map(({ id }) => id)).toEqual(['3']);
    expect([model.countOf('ann'), model.isListed('2'), model.isListed('3')]).toEqual([3, false, true]);
    model.delete('2');
    model.delete('1');
    model.publish(post('0'));
    expect(model.postsOf('ann').map(({ id }) => id)).toEqual(['3', '0']);
  });
});
