-- Tells those of an author's followers who are connected. Wants `onlineKey`, `STEP` and `spent` to be named above, and
-- what is named for tell-notifiers.
--@include tell-notifiers

-- Tells followers who are connected: goes through the followers.
local function tellFollowers(followersKey, kind, id)
  local followers = redis.call('SMEMBERS', followersKey)
  spent = spent + #followers / 2
  for from = 1, #followers, STEP do
    tellNotifiers({ unpack(followers, from, math.min(from + STEP - 1, #followers)) }, kind, id)
  end
end

-- The same, through those who are connected.
local function tellConnected(followersKey, kind, id)
  local cursor, seen = '0', {}
  repeat
    local reply = redis.call('HSCAN', onlineKey, cursor, 'COUNT', STEP)
    cursor = reply[1]
    local readers, connections = {}, {}
    for i = 1, #reply[2], 2 do
      local reader = reply[2][i]
      -- A scan may give a field twice.
      if not seen[reader] then
        seen[reader] = true
        readers[#readers + 1] = reader
        connections[#connections + 1] = reply[2][i + 1]
      end
    end
    if #readers > 0 then
      for i, follows in ipairs(redis.call('SMISMEMBER', followersKey, unpack(readers))) do
        connections[i] = follows == 1 and connections[i]
      end
      tellNotifiersOf(readers, connections, kind, id)
    end
    spent = spent + #readers / 2
  until cursor == '0'
end

-- Tells those readers who are connected; all of them in this call, so that they hear of everything in the order in which
-- it stands in `deliveries`. The fewer are gone through: the followers, or those who are connected.
local function tellAudience(followersKey, count, author, isHome, kind, id)
  if isHome then
    tellNotifiers({ author }, kind, id)
  end
  if count <= STEP or count <= redis.call('HLEN', onlineKey) then
    tellFollowers(followersKey, kind, id)
  else
    tellConnected(followersKey, kind, id)
  end
end
