#!lua
-- Ends that a reader has muted a user. Of one who is followed the posts are to be brought in: till then a live timeline is
-- marked.
--
-- KEYS following, followers, followingMuted, followersMuted, muted, timeline
-- ARGV reader, other, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'marked', mark, floor}
--@include mark-timeline
local followingKey, followersKey, followingMutedKey, followersMutedKey, mutedKey, timelineKey = unpack(KEYS)
local reader, other, buildMs, random = unpack(ARGV)

redis.call('SREM', mutedKey, other)
if redis.call('SMOVE', followingMutedKey, followingKey, other) == 0 then
  return { 'unchanged' }
end
redis.call('SMOVE', followersMutedKey, followersKey, reader)
return markedTimeline(timelineKey, buildMs, random)
