#!lua flags=no-writes
-- Counts what a group has not acknowledged.
--
-- KEYS stream
-- ARGV group
-- Returns {waiting, taken, oldestMs}
--@include now
--@include stream-groups
--@include stream-leases
local streamKey = KEYS[1]
local group = ARGV[1]

-- Overdue entries that are counted; beyond that they count as taken.
local MAX_COUNTED = 10000

local facts = findGroup(streamKey, group)
if not facts then
  return { 0, 0, 0 }
end
-- Entries are numbered, so that those after one need not be counted: Redis knows its own lag only at times.
local unread = 0
local following = redis.call('XRANGE', streamKey, '(' .. facts['last-delivered-id'], '+', 'COUNT', 1)[1]
if following then
  local newest = redis.call('XREVRANGE', streamKey, '+', '-', 'COUNT', 1)[1]
  unread = tonumber(named(newest[2])['number']) - tonumber(named(following[2])['number']) + 1
end
local overdue = #redis.call('XPENDING', streamKey, group, 'IDLE', FULL_MS, '-', '+', MAX_COUNTED)
local oldest = facts['pending'] > 0 and redis.call('XPENDING', streamKey, group)[2] or (following and following[1])
local oldestMs = 0
if oldest and unread + facts['pending'] > 0 then
  oldestMs = math.max(0, nowMs() - tonumber(string.match(oldest, '^%d+')))
end
return { unread + overdue, facts['pending'] - overdue, oldestMs }
