#!lua
-- Gives a recipient a group on the stream of a source, unless there is one.
--
-- KEYS stream
-- ARGV group, after, largestAudience
-- Returns 'created', 'existing' or 'full'
--@include stream-groups
local streamKey = KEYS[1]
local group, after, largestAudience = ARGV[1], ARGV[2], tonumber(ARGV[3])

if findGroup(streamKey, group) then
  return 'existing'
end
if redis.call('EXISTS', streamKey) == 1 and #redis.call('XINFO', 'GROUPS', streamKey) >= largestAudience then
  return 'full'
end
redis.call('XGROUP', 'CREATE', streamKey, group, after, 'MKSTREAM')
return 'created'
