#!lua flags=allow-oom
-- Ends that a reader follows an author, both ways in one step. A live timeline is opened, to be finished without the
-- author's posts; if that never comes, the next reader builds it anew.
--
-- KEYS following, followers, timeline
-- ARGV reader, author, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor last)
--@include open-timeline
local followingKey, followersKey, timelineKey = unpack(KEYS)
local reader, author, buildMs, random = unpack(ARGV)

local removed = redis.call('SREM', followingKey, author)
redis.call('SREM', followersKey, reader)
if removed == 0 then
  return { 'unchanged' }
end
local mark, entries = openTimeline(timelineKey, buildMs, random)
if not mark then
  return { 'cold' }
end
return { 'opened', mark, unpack(entries) }
