#!lua
-- Lets a reader follow an author, both ways in one step. A live timeline is opened, to be finished with the author's
-- posts in it; if that never comes, the next reader builds it anew.
--
-- KEYS following, followers, timeline
-- ARGV reader, author, buildMs, random, backfill
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor last). Without `backfill` ('0') a live
--   timeline is dropped instead
--@include open-timeline
local followingKey, followersKey, timelineKey = unpack(KEYS)
local reader, author, buildMs, random, backfill = unpack(ARGV)

local added = redis.call('SADD', followingKey, author)
redis.call('SADD', followersKey, reader)
if added == 0 then
  return { 'unchanged' }
end
if backfill == '0' then
  redis.call('DEL', timelineKey)
  return { 'cold' }
end
local mark, entries = openTimeline(timelineKey, buildMs, random)
if not mark then
  return { 'cold' }
end
return { 'opened', mark, unpack(entries) }
