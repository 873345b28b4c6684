#!lua flags=no-writes
-- Looks at the entries that a group has not acknowledged, from an id on.
--
-- KEYS stream, acknowledgedAhead
-- ARGV group, from ('(' before it: without it), limit
-- Returns for each entry {id, attempt, {field, value, ...}}, the oldest first
--@include stream-groups
local streamKey, aheadKey = unpack(KEYS, 1, 2)
local group, from, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])

local facts = findGroup(streamKey, group)
if not facts then
  return {}
end
local found = {}
for _, pending in ipairs(redis.call('XPENDING', streamKey, group, from, '+', limit)) do
  local entry = redis.call('XRANGE', streamKey, pending[1], pending[1])[1]
  if entry then
    found[#found + 1] = { entry[1], pending[4], entry[2] }
  end
end
-- What was not handed out yet is newer than all that was.
local last = facts['last-delivered-id']
local start = isIdBefore(string.gsub(from, '^%(', ''), last) and '(' .. last or from
if start == last then
  start = '(' .. last
end
while #found < limit do
  local entries = redis.call('XRANGE', streamKey, start, '+', 'COUNT', limit - #found)
  if #entries == 0 then
    break
  end
  for _, entry in ipairs(entries) do
    local fields = entry[2]
    local isForOther = fields[#fields - 1] == 'to' and fields[#fields] ~= group
    if not isForOther and redis.call('SISMEMBER', aheadKey, entry[1]) == 0 then
      found[#found + 1] = { entry[1], 1, fields }
    end
  end
  start = '(' .. entries[#entries][1]
end
return found
