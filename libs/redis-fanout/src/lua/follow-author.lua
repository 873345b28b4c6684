#!lua
-- Lets a reader follow an author, both ways in one step, unless one of the two has blocked the other. A live timeline is
-- marked, till the author's posts are brought in; if that never comes, the next reader builds it anew.
--
-- KEYS following, followers, followingMuted, followersMuted, muted, blocked, blockedBy, timeline
-- ARGV reader, author, buildMs, random, backfill
-- Returns {'blocked'}, {'unchanged'} (also where the reader has muted the author), {'cold'} or {'marked', mark, floor}.
--   Without `backfill` ('0') a live timeline is dropped instead
--@include mark-timeline
local followingKey, followersKey, followingMutedKey, followersMutedKey, mutedKey = unpack(KEYS, 1, 5)
local blockedKey, blockedByKey, timelineKey = unpack(KEYS, 6, 8)
local reader, author, buildMs, random, backfill = unpack(ARGV)

-- Most readers have blocked or muted nobody, and are blocked by nobody.
if redis.call('EXISTS', blockedKey, blockedByKey, mutedKey) > 0 then
  if redis.call('SISMEMBER', blockedKey, author) == 1 or redis.call('SISMEMBER', blockedByKey, author) == 1 then
    return { 'blocked' }
  end
  if redis.call('SISMEMBER', mutedKey, author) == 1 then
    redis.call('SADD', followingMutedKey, author)
    redis.call('SADD', followersMutedKey, reader)
    return { 'unchanged' }
  end
end
local added = redis.call('SADD', followingKey, author)
redis.call('SADD', followersKey, reader)
if added == 0 then
  return { 'unchanged' }
end
if backfill == '0' then
  redis.call('DEL', timelineKey)
  return { 'cold' }
end
return markedTimeline(timelineKey, buildMs, random)
