-- Messages as a caller gets them: {id, source, position, attempt, payload} each, in the order of their positions.
--@include inbox-entries

-- A message that was taken is kept as `<attempt> <entry>`.
local function parseTaken(value)
  local attempt, entry = string.match(value, '^(%d+) (.*)$')
  local message = parseEntry(entry)
  message.attempt, message.entry = tonumber(attempt), entry
  return message
end

local function byPosition(a, b)
  return a.position < b.position
end

local function toReply(messages)
  local reply = {}
  for i, message in ipairs(messages) do
    reply[i] = { message.id, message.source, string.format('%.0f', message.position), message.attempt, payloadOf(message) }
  end
  return reply
end
