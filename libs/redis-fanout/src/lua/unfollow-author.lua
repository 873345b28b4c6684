#!lua flags=allow-oom
-- Ends that a reader follows an author, both ways in one step. A live timeline is opened, to be finished without the
-- author's posts; if that never comes, the next reader builds it anew.
--
-- KEYS following, followers, followingMuted, followersMuted, timeline
-- ARGV reader, author, buildMs, random
-- Returns {'unchanged'}, {'cold'} or {'opened', mark, entries...} (the floor first)
--@include open-timeline
--@include end-follow
local timelineKey = KEYS[5]
local reader, author, buildMs, random = unpack(ARGV)

if not endFollow(reader, author, unpack(KEYS, 1, 4)) then
  return { 'unchanged' }
end
return openedTimeline(timelineKey, buildMs, random)
