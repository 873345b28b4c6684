#!lua
-- Delivers a batch of events to one partition: pushes each post to the timelines of the author's followers that live
-- here, or puts it once into the author's `recent` list where they are too many. May be repeated at will: a post that
-- is already in its place stays there. Does a bounded amount of work and says how far it came.
--
-- KEYS newestEntry, pulled, online, deliveries, guard (never set: while the slot moves to another node, where some of
--   the keys are not yet, a cluster refuses the call)
-- ARGV partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries, budget, buildMs, followersStem, timelineStem,
--   recentStem, liveStem, notifierStem, then for each event: kind, id, author, cursor ('' at first)
-- Returns for each event begun: cursor ('' when done), pushed, skippedInactive, leftToPull (as of this call)
--
-- maxPushFollowers -1: push to all. `budget` counts about a microsecond each.
--@include insert-sorted
--@include construction-mark
local newestEntryKey, pulledKey, onlineKey, deliveriesKey = unpack(KEYS, 1, 4)
local partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries, budget, buildMs = unpack(ARGV, 1, 7)
local followersStem, timelineStem, recentStem, liveStem, notifierStem = unpack(ARGV, 8, 12)
maxPushFollowers, maxEntries, maxRecent = tonumber(maxPushFollowers), tonumber(maxEntries), tonumber(maxRecent)
budget = tonumber(budget)
--@include tell-notifiers

-- Followers, or connected readers, that are served between two looks at the budget.
local STEP = 200

local newest = redis.call('GET', newestEntryKey) or ''
local hasConnections = redis.call('EXISTS', onlineKey) == 1
local spent = 0

-- Lists grow by a sixteenth before they are cut, so that most pushes cut nothing. The last entry is the floor: cutting
-- makes the last one kept the new floor. A list under construction is left whole, unless its builder gave up.
local function trim(key, length, limit)
  if length <= limit + 1 + math.floor(limit / 16) then
    return
  end
  local tail = redis.call('LINDEX', key, -1)
  if not isMark(tail) then
    redis.call('LTRIM', key, 0, limit)
  elseif isOverdue(tail, buildMs) then
    redis.call('DEL', key)
  end
end

-- Puts an id into a timeline, if that exists. Answers 'pushed', 'inactive' or 'below' (the floor).
local function push(key, id, isNewest)
  spent = spent + 1
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
  spent = spent + 2
  local floor = redis.call('LINDEX', key, -1)
  if not isBelow(floor, id) then
    return 'below'
  end
  spent = spent + 10
  if insertSorted(key, id) == 'inserted' then
    trim(key, redis.call('LLEN', key), maxEntries)
  end
  return 'pushed'
end

local function putIntoRecent(author, id)
  local key = recentStem .. author
  spent = spent + 5
  if redis.call('EXISTS', key) == 0 then
    redis.call('RPUSH', key, id, '0')
    redis.call('SADD', pulledKey, author)
  elseif insertSorted(key, id) == 'inserted' then
    trim(key, redis.call('LLEN', key), maxRecent)
  end
end

-- A timeline that loses its last entry is built again when it is read; a `recent` list would look complete.
local function takeOutOfRecent(author, id)
  local key = recentStem .. author
  spent = spent + 5
  if redis.call('LINDEX', key, -1) ~= id then
    redis.call('LREM', key, 1, id)
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

-- Serves the members of a set of integers in ascending order, in which SMEMBERS gives them: the cursor is the last
-- member served. (SSCAN would give such a set whole.)
local function walkIntegers(followersKey, cursor, serve)
  local members = redis.call('SMEMBERS', followersKey)
  spent = spent + #members / 16
  local first = 1
  while cursor ~= '' and first <= #members and not isGreater(members[first], cursor) do
    first = first + 1
  end
  while first <= #members do
    local last = math.min(first + STEP - 1, #members)
    serve({ unpack(members, first, last) })
    if last == #members then
      return ''
    end
    if spent >= budget then
      return members[last]
    end
    first = last + 1
  end
  return ''
end

-- Serves the members of a set, or the fields of a hash, in the order of its cursor.
local function walk(command, key, cursor, serve)
  local from = cursor == '' and '0' or cursor
  repeat
    local reply = redis.call(command, key, from, 'COUNT', STEP)
    from = reply[1]
    serve(reply[2])
  until from == '0' or spent >= budget
  return from == '0' and '' or from
end

-- Where a walk goes on: a cursor begins with a letter for its kind, and one of another kind, as the set is another kind
-- of set by now, begins anew.
local function resume(cursor, kind)
  return string.sub(cursor, 1, 1) == kind and string.sub(cursor, 2) or ''
end

local function walkFollowers(followersKey, cursor, serve)
  local kind, rest = 's', nil
  if redis.call('OBJECT', 'ENCODING', followersKey) == 'intset' then
    kind = 'i'
    rest = walkIntegers(followersKey, resume(cursor, kind), serve)
  else
    rest = walk('SSCAN', followersKey, resume(cursor, kind), serve)
  end
  return rest == '' and '' or kind .. rest
end

-- Answers who of these is to be told: those whose timeline the post entered, or who have none.
local function deliverTo(readers, kind, id, isNewest, account)
  local concerned = {}
  for _, reader in ipairs(readers) do
    local key = timelineStem .. reader
    local outcome = 'pushed'
    if kind == 'published' then
      outcome = push(key, id, isNewest)
      account[outcome] = account[outcome] + 1
    elseif kind == 'deleted' then
      redis.call('LREM', key, 1, id)
      spent = spent + 20
    end
    if outcome ~= 'below' then
      concerned[#concerned + 1] = reader
    end
  end
  return concerned
end

-- Of connected readers those who follow an author: `HSCAN` gives each with the notifiers, which are left out here.
local function followersAmong(followersKey, fields)
  local readers, followers = {}, {}
  for i = 1, #fields, 2 do
    readers[#readers + 1] = fields[i]
  end
  if #readers > 0 then
    for i, follows in ipairs(redis.call('SMISMEMBER', followersKey, unpack(readers))) do
      if follows == 1 then
        followers[#followers + 1] = readers[i]
      end
    end
  end
  spent = spent + #readers / 2
  return followers
end

-- Delivers an event from where its cursor says. The cursor holds the entry of `deliveries` that the event got, too.
local function deliver(kind, id, author, position)
  local followersKey = followersStem .. author
  local count = redis.call('SCARD', followersKey)
  local isHome = string.sub(id, 14, 16) == partition
  local account = { pushed = 0, inactive = 0, below = 0 }
  spent = spent + 1
  if count == 0 and not isHome then
    return '', account
  end

  local isNewest = kind == 'published' and id > newest
  if isNewest then
    -- First of all: where the call ends midway, its repetition must not take the short way.
    newest = id
    redis.call('SET', newestEntryKey, id)
  end
  local entry, cursor = string.match(position, '^(%S+) (%S+)$')
  local isFirst = not entry
  cursor = cursor or ''
  entry = entry or redis.call('XADD', deliveriesKey, 'MAXLEN', '~', maxDeliveries, '*', 'kind', kind, 'id', id, 'author',
    author)
  local function tell(readers)
    if hasConnections then
      spent = spent + #readers / 4
      tellNotifiers(readers, partition .. '-' .. entry, kind, id)
    end
  end

  if isFirst and isHome then
    tell(deliverTo({ author }, kind, id, isNewest, account))
    account.inactive, account.below = 0, 0
  end
  if kind == 'edited' and not hasConnections then
    return '', account
  end
  if maxPushFollowers < 0 or count <= maxPushFollowers then
    cursor = walkFollowers(followersKey, cursor, function(readers)
      tell(deliverTo(readers, kind, id, isNewest, account))
    end)
  else
    local onlineCursor = resume(cursor, 'o')
    if onlineCursor == '' and kind == 'published' then
      putIntoRecent(author, id)
      account.below = count
    elseif onlineCursor == '' and kind == 'deleted' then
      takeOutOfRecent(author, id)
    end
    cursor = ''
    if hasConnections then
      cursor = walk('HSCAN', onlineKey, onlineCursor, function(fields)
        tell(followersAmong(followersKey, fields))
      end)
      cursor = cursor == '' and '' or 'o' .. cursor
    end
  end
  return cursor == '' and '' or entry .. ' ' .. cursor, account
end

local results = {}
for i = 13, #ARGV, 4 do
  local position, account = deliver(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
  results[#results + 1] = position
  results[#results + 1] = account.pushed
  results[#results + 1] = account.inactive
  results[#results + 1] = account.below
  if spent >= budget then
    break
  end
end
return results
