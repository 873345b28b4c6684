#!lua
-- Ends that a reader has muted a user. A live timeline is opened, to be finished with the posts of a user who is followed.
--
-- KEYS following, followers, followingMuted, followersMuted, muted, timeline
-- ARGV reader, other, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor first)
--@include open-timeline
local followingKey, followersKey, followingMutedKey, followersMutedKey, mutedKey, timelineKey = unpack(KEYS)
local reader, other, buildMs, random = unpack(ARGV)

redis.call('SREM', mutedKey, other)
if redis.call('SMOVE', followingMutedKey, followingKey, other) == 0 then
  return { 'unchanged' }
end
redis.call('SMOVE', followersMutedKey, followersKey, reader)
return openedTimeline(timelineKey, buildMs, random)
