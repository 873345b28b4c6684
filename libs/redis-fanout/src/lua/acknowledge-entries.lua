#!lua flags=allow-oom
-- Acknowledges entries of a group: those that were taken, and those that were only read, which are then not handed out.
--
-- KEYS stream, acknowledgedAhead
-- ARGV group, then the ids
-- Returns the number of entries that were not acknowledged before
--@include stream-groups
local streamKey, aheadKey = unpack(KEYS, 1, 2)
local group = ARGV[1]

local acknowledged, facts = 0, nil
for i = 2, #ARGV do
  local id = ARGV[i]
  if redis.call('XACK', streamKey, group, id) == 1 then
    acknowledged = acknowledged + 1
  else
    facts = facts or findGroup(streamKey, group)
    local isAhead = facts and isIdBefore(facts['last-delivered-id'], id)
    if isAhead and #redis.call('XRANGE', streamKey, id, id) == 1 then
      acknowledged = acknowledged + redis.call('SADD', aheadKey, id)
    end
  end
end
return acknowledged
