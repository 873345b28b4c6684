#!lua
-- Lets a reader mute a user. One whom the reader follows stays followed, but out of the sets that timelines are made of: so
-- nothing is delivered any more, and no page has to leave anything out. A live timeline is opened, to be finished without
-- the user's posts.
--
-- KEYS following, followers, followingMuted, followersMuted, muted, timeline
-- ARGV reader, other, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor first)
--@include open-timeline
local followingKey, followersKey, followingMutedKey, followersMutedKey, mutedKey, timelineKey = unpack(KEYS)
local reader, other, buildMs, random = unpack(ARGV)

redis.call('SADD', mutedKey, other)
if redis.call('SMOVE', followingKey, followingMutedKey, other) == 0 then
  return { 'unchanged' }
end
redis.call('SMOVE', followersKey, followersMutedKey, reader)
return openedTimeline(timelineKey, buildMs, random)
