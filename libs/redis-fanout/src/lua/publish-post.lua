#!lua
-- Publishes a post in its author's partition: id, body, own list and event, all or nothing. The same idempotency key
-- again gives the post of the first time, and stores nothing.
--
-- KEYS lastId, outbox, posts, undelivered, idempotency, rate, overflow, guard (never set)
-- ARGV postStem, home, author, text, attachments, digest, attempt, idempotencyMs, postsPerMinute, maxBacklog, maxPosts
-- Returns {'published', id, backlog}, {'replayed', id}, {'conflict'}, {'rate-limited', retryAfterMs} or
--   {'backlog-full', backlog}
--
-- Where `attempt` is not empty, `idempotency` is a hash of many attempts instead of the key of one: so there are few keys that
-- expire, as with each command Redis looks whether its key is among them.
--@include now
--@include next-id
--@include store-post
local lastIdKey, outboxKey, postsKey, undeliveredKey, idempotencyKey, rateKey, overflowKey = unpack(KEYS, 1, 7)
local postStem, home, author, text, attachments, digest, attempt = unpack(ARGV, 1, 7)
local idempotencyMs, postsPerMinute, maxBacklog, maxPosts = unpack(ARGV, 8, 11)

-- Ids of posts on their way stand one behind the other. Of more than so many the newest show; delivered are the oldest first.
local MAX_UNDELIVERED = 500

local earlier
if attempt == '' then
  earlier = redis.call('GET', idempotencyKey)
else
  earlier = redis.call('HGET', idempotencyKey, attempt)
end
if earlier then
  if string.sub(earlier, 20) ~= digest then
    return { 'conflict' }
  end
  return { 'replayed', string.sub(earlier, 1, 19) }
end

local backlog = redis.call('XLEN', outboxKey)
if backlog >= tonumber(maxBacklog) then
  return { 'backlog-full', backlog }
end

local now = nowMs()
-- A leaky bucket as large as a minute's posts (the "generic cell rate algorithm"): one number, the time at which the
-- bucket will have run empty.
local perMinute = tonumber(postsPerMinute)
if perMinute > 0 then
  local full = now + 60000
  -- No later than that, also where the clock has gone back.
  local emptyAt = math.min(math.max(tonumber(redis.call('GET', rateKey) or 0), now), full) + 60000 / perMinute
  -- The thousandth of a millisecond takes up what the fractions lose.
  if emptyAt > full + 0.001 then
    return { 'rate-limited', math.ceil(emptyAt - full) }
  end
  redis.call('SET', rateKey, string.format('%.6f', emptyAt), 'PX', math.ceil(emptyAt - now))
end

local id = nextId(lastIdKey, home, now)
if attempt == '' then
  redis.call('SET', idempotencyKey, id .. digest, 'PX', idempotencyMs)
else
  redis.call('HSET', idempotencyKey, attempt, id .. digest)
  redis.call('PEXPIRE', idempotencyKey, idempotencyMs)
end
redis.call('RPUSH', postsKey, id)
if redis.call('APPEND', undeliveredKey, id) > MAX_UNDELIVERED * #id then
  redis.call('SET', undeliveredKey, redis.call('GETRANGE', undeliveredKey, -MAX_UNDELIVERED * #id, -1))
end
trimPosts(postsKey, overflowKey, author, tonumber(maxPosts))
storePost(postStem .. id, outboxKey, id, author, text, attachments)
return { 'published', id, backlog + 1 }
