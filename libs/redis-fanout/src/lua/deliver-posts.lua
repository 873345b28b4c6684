#!lua
-- Delivers a batch of events to one partition: pushes each post to the timelines of the author's followers that live
-- here, or puts it once into the author's `recent` list where they are too many. May be repeated at will: a post that
-- is already in its place stays there. Does a bounded amount of work and says how far it came.
--
-- KEYS newestEntry, pulled, online, deliveries
-- ARGV partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries, budget, followersStem, timelineStem,
--   recentStem, liveStem, notifierStem, then for each event: kind, id, author, cursor ('' at first)
-- Returns for each event begun: cursor ('' when done), pushed, skippedInactive, leftToPull (as of this call)
--
-- maxPushFollowers -1: push to all. `budget` counts about a microsecond each.
--@include insert-sorted
local newestEntryKey, pulledKey, onlineKey, deliveriesKey = unpack(KEYS)
local partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries = unpack(ARGV, 1, 5)
local budget = tonumber(ARGV[6])
local followersStem, timelineStem, recentStem, liveStem, notifierStem = unpack(ARGV, 7, 11)
maxPushFollowers, maxEntries, maxRecent = tonumber(maxPushFollowers), tonumber(maxEntries), tonumber(maxRecent)

local newest = redis.call('GET', newestEntryKey) or ''
local onlineCount = redis.call('HLEN', onlineKey)
local spent = 0

-- Lists grow by a sixteenth before they are cut, so that most pushes cut nothing. The last entry is the floor: cutting
-- makes the last one kept the new floor. A list under construction is left whole, unless its builder gave up.
local function trim(key, length, limit)
  if length <= limit + 1 + math.floor(limit / 16) then
    return
  end
  local tail = redis.call('LINDEX', key, -1)
  if string.byte(tail) ~= 45 then
    redis.call('LTRIM', key, 0, limit)
  elseif tonumber(string.sub(tail, 2, -4)) < tonumber(redis.call('TIME')[1]) * 1000 then
    redis.call('DEL', key)
  end
end

-- Puts an id into a timeline, if that exists. Answers 'pushed', 'inactive' or 'below' (the floor).
local function push(key, id, isNewest)
  if isNewest then
    local length = redis.call('LPUSHX', key, id)
    if length == 0 then
      return 'inactive'
    end
    trim(key, length, maxEntries)
    return 'pushed'
  end
  local head = redis.call('LINDEX', key, 0)
  if not head then
    return 'inactive'
  end
  if isBelow(head, id) then
    trim(key, redis.call('LPUSHX', key, id), maxEntries)
    return 'pushed'
  end
  spent = spent + 4
  local place = insertSorted(key, id)
  if place == 'older' then
    return 'below'
  end
  if place == 'inserted' then
    trim(key, redis.call('LLEN', key), maxEntries)
  elseif redis.call('LINDEX', key, -1) == id then
    return 'below'
  end
  return 'pushed'
end

local function putIntoRecent(author, id)
  local key = recentStem .. author
  if redis.call('EXISTS', key) == 0 then
    redis.call('RPUSH', key, id, '0')
    redis.call('SADD', pulledKey, author)
  elseif insertSorted(key, id) == 'inserted' then
    trim(key, redis.call('LLEN', key), maxRecent)
  end
  spent = spent + 5
end

local aliveNotifiers = {}
local function isAlive(notifier)
  if aliveNotifiers[notifier] == nil then
    aliveNotifiers[notifier] = redis.call('EXISTS', notifierStem .. notifier) == 1
  end
  return aliveNotifiers[notifier]
end

-- Adds a reader to the audience of each notifier that holds a connection of theirs. A notifier that stopped saying
-- that it lives is forgotten here.
local function addToAudience(audiences, reader, notifiers)
  local alive = {}
  for notifier in string.gmatch(notifiers, '%S+') do
    if isAlive(notifier) then
      alive[#alive + 1] = notifier
      local audience = audiences[notifier] or {}
      audience[#audience + 1] = reader
      audiences[notifier] = audience
    end
  end
  if #alive == 0 then
    redis.call('HDEL', onlineKey, reader)
  elseif table.concat(alive, ' ') ~= notifiers then
    redis.call('HSET', onlineKey, reader, table.concat(alive, ' '))
  end
end

local function addOnline(audiences, readers)
  for from = 1, #readers, 5000 do
    local to = math.min(from + 4999, #readers)
    local notifiers = redis.call('HMGET', onlineKey, unpack(readers, from, to))
    for i = from, to do
      if notifiers[i - from + 1] then
        addToAudience(audiences, readers[i], notifiers[i - from + 1])
      end
    end
  end
  spent = spent + #readers / 4
end

-- The connected followers: from the shorter side, those connected or those following.
local function connectedFollowers(followersKey, count, members)
  local audiences = {}
  if members and count <= onlineCount then
    addOnline(audiences, members)
    return audiences
  end
  local connected = redis.call('HKEYS', onlineKey)
  local followers = {}
  for from = 1, #connected, 5000 do
    local to = math.min(from + 4999, #connected)
    local flags = redis.call('SMISMEMBER', followersKey, unpack(connected, from, to))
    for i = from, to do
      if flags[i - from + 1] == 1 then
        followers[#followers + 1] = connected[i]
      end
    end
  end
  spent = spent + #connected / 4
  addOnline(audiences, followers)
  return audiences
end

-- Records the event in the partition's history, and tells the notifiers whose connections it concerns.
local function notify(kind, id, author, isHome, followersKey, count, members)
  local entry = redis.call('XADD', deliveriesKey, 'MAXLEN', '~', maxDeliveries, '*', 'kind', kind, 'id', id, 'author',
    author)
  if onlineCount == 0 then
    return
  end
  local audiences = connectedFollowers(followersKey, count, members)
  if isHome then
    addOnline(audiences, { author })
  end
  for notifier, readers in pairs(audiences) do
    for from = 1, #readers, 1000 do
      local names = table.concat(readers, '","', from, math.min(from + 999, #readers))
      redis.call('SPUBLISH', liveStem .. notifier, '{"pattern":"timeline","data":{"event":"' .. partition .. '-' .. entry
        .. '","kind":"' .. kind .. '","id":"' .. id .. '","readers":["' .. names .. '"]}}')
    end
  end
end

-- Decimal numbers as texts: larger by sign, then by length, then by digits.
local function isGreater(a, b)
  local aNegative, bNegative = string.byte(a) == 45, string.byte(b) == 45
  if aNegative ~= bNegative then
    return bNegative
  end
  if #a ~= #b then
    return (#a > #b) ~= aNegative
  end
  return a ~= b and (a > b) ~= aNegative
end

-- The next followers of a large audience, about `count` of them, and the cursor behind them. A set of integers answers
-- SSCAN with all it has, in ascending order, so there the cursor is the last member served.
local function nextFollowers(followersKey, cursor, count)
  if redis.call('OBJECT', 'ENCODING', followersKey) ~= 'intset' then
    local from = string.match(cursor, '^scan:(%d+)$') or '0'
    local reply = redis.call('SSCAN', followersKey, from, 'COUNT', count)
    return reply[2], reply[1] == '0' and '' or 'scan:' .. reply[1]
  end
  local members = redis.call('SMEMBERS', followersKey)
  local last = string.match(cursor, '^after:(.+)$')
  local first = 1
  while last and first <= #members and not isGreater(members[first], last) do
    first = first + 1
  end
  spent = spent + #members / 16
  local chunk = {}
  for i = first, math.min(first + count - 1, #members) do
    chunk[#chunk + 1] = members[i]
  end
  return chunk, first + count > #members and '' or 'after:' .. members[first + count - 1]
end

local function removeFrom(key, id)
  redis.call('LREM', key, 1, id)
  spent = spent + 5
end

local function deliverTo(readers, kind, id, isNewest, account)
  for _, reader in ipairs(readers) do
    local key = timelineStem .. reader
    if kind == 'deleted' then
      removeFrom(key, id)
    elseif kind == 'published' then
      local outcome = push(key, id, isNewest)
      account[outcome] = account[outcome] + 1
    end
  end
  spent = spent + #readers
end

local function deliver(kind, id, author, cursor)
  local followersKey = followersStem .. author
  local count = redis.call('SCARD', followersKey)
  local isHome = string.sub(id, 14, 16) == partition
  local account = { pushed = 0, inactive = 0, below = 0 }
  local isNewest = id > newest
  local isLarge = maxPushFollowers >= 0 and count > maxPushFollowers
  local nextCursor = ''
  local members
  local room = math.max(100, math.floor(budget - spent))
  spent = spent + 1
  if count > 0 and not isLarge and (cursor ~= '' or count > room) then
    members, nextCursor = nextFollowers(followersKey, cursor, room)
  elseif count > 0 and not isLarge then
    members = redis.call('SMEMBERS', followersKey)
  end
  if cursor == '' and (count > 0 or isHome) then
    notify(kind, id, author, isHome, followersKey, count, nextCursor == '' and members or nil)
  end
  if isHome and cursor == '' then
    deliverTo({ author }, kind, id, isNewest, account)
    account.inactive, account.below = 0, 0
  end
  if members then
    deliverTo(members, kind, id, isNewest, account)
  elseif isLarge and kind == 'published' then
    putIntoRecent(author, id)
    account.below = count
  elseif isLarge and kind == 'deleted' then
    removeFrom(recentStem .. author, id)
  end
  if isNewest and kind == 'published' then
    newest = id
    redis.call('SET', newestEntryKey, id)
  end
  return nextCursor, account
end

local results = {}
for i = 12, #ARGV, 4 do
  local cursor, account = deliver(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
  results[#results + 1] = cursor
  results[#results + 1] = account.pushed
  results[#results + 1] = account.inactive
  results[#results + 1] = account.below
  if spent >= budget then
    break
  end
end
return results
