#!lua
-- Goes a step on with messages that did not reach all inboxes of a partition: their publishers may have died.
--
-- KEYS lastPosition, unfinished, guard (never set)
-- ARGV id, maxMessages, inboxStem, droppedStem, wakeStem, messageStem, fanOutStem
-- Returns 1 where the message with that id is unfinished still, else 0
local lastPositionKey, unfinishedKey = KEYS[1], KEYS[2]
local id, maxMessages = ARGV[1], tonumber(ARGV[2])
local inboxStem, droppedStem, wakeStem, messageStem, fanOutStem = unpack(ARGV, 3, 7)
--@include push-to-inboxes

continueFanOut()
return redis.call('EXISTS', fanOutStem .. id)
