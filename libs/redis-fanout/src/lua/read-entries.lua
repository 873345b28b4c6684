#!lua flags=no-writes
-- Looks at the entries that a group has not acknowledged, from an id on.
--
-- KEYS stream
-- ARGV group, from ('(' before it: without it), limit
-- Returns for each entry {id, attempt, {field, value, ...}}, the oldest first
--@include stream-groups
local streamKey = KEYS[1]
local group, from, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])

local facts = findGroup(streamKey, group)
if not facts then
  return {}
end
local found = {}
-- Dead letters come again to their own group alone.
local function find(entry, attempt)
  local fields = entry[2]
  if fields[#fields - 1] ~= 'to' or fields[#fields] == group then
    found[#found + 1] = { entry[1], attempt, fields }
  end
end
for _, pending in ipairs(redis.call('XPENDING', streamKey, group, from, '+', limit)) do
  local entry = redis.call('XRANGE', streamKey, pending[1], pending[1])[1]
  if entry then
    find(entry, math.max(1, pending[4]))
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
    find(entry, 1)
  end
  start = '(' .. entries[#entries][1]
end
return found
