#!lua
-- Notes one side of a block, and ends that this user follows the other one. The other side is noted in the other one's
-- partition.
--
-- KEYS following, followers, followingMuted, followersMuted, blocks (`blocked` or `blockedBy`), timeline
-- ARGV user, other, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor first)
--@include open-timeline
--@include end-follow
local blocksKey, timelineKey = KEYS[5], KEYS[6]
local user, other, buildMs, random = unpack(ARGV)

redis.call('SADD', blocksKey, other)
if not endFollow(user, other, unpack(KEYS, 1, 4)) then
  return { 'unchanged' }
end
return openedTimeline(timelineKey, buildMs, random)
