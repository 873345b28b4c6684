#!lua
-- Gives a post another text, and tells it in the outbox.
--
-- KEYS post, outbox, changed, changes
-- ARGV id, author, text, maxBacklog
-- Returns {'edited', editedMs, attachments}, {'missing'} (no such post of this author), {'deleted'} or
--   {'backlog-full', backlog}
--@include now
--@include note-change
--@include tell-outbox
local postKey, outboxKey, changedKey, changesKey = unpack(KEYS)
local id, author, text, maxBacklog = unpack(ARGV)

local post = redis.call('HMGET', postKey, 'author', 'deleted', 'attachments', 'origin', 'text', 'edited')
if post[1] ~= author then
  return { 'missing' }
end
if post[2] then
  return { 'deleted' }
end
local backlog = redis.call('XLEN', outboxKey)
if backlog >= tonumber(maxBacklog) then
  return { 'backlog-full', backlog }
end

-- Each edit has a time of its own: by that its event is known.
local editedMs = math.max(nowMs(), tonumber(post[6] or 0) + 1)
redis.call('HSET', postKey, 'text', text, 'edited', string.format('%d', editedMs))
if not post[4] then
  redis.call('HSET', postKey, 'origin', redis.sha1hex(post[5]))
end
noteChange(changedKey, changesKey, id)
tellOutbox(outboxKey, 'edited', id, author, string.format('%d', editedMs))
return { 'edited', editedMs, post[3] or '' }
