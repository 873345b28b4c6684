#!lua
-- Brings the oldest unfinished message of a partition to its next thousand inboxes: its publisher may have died.
--
-- KEYS unfinished, guard (never set)
-- ARGV maxMessages, inboxStem, droppedStem, wakeStem, messageStem, fanOutStem
-- Returns the number of messages that are unfinished still
local unfinishedKey = KEYS[1]
local maxMessages = tonumber(ARGV[1])
local inboxStem, droppedStem, wakeStem, messageStem, fanOutStem = unpack(ARGV, 2, 6)
--@include push-to-inboxes

continueFanOut()
return redis.call('LLEN', unfinishedKey)
