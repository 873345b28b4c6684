export { FanoutClient } from './client.js';
export { ClientError, type ClientErrorCode, type ClientErrorFacts, InvalidOptionError } from './errors.js';
export {
  type ClientEventName,
  type ClientEvents,
  type ClientState,
  type DeletedPost,
  type DirectMessage,
  type Post,
  type Resync,
  type TransportName,
} from './events.js';
export { type Listener } from './listeners.js';
export {
  type BodyLike,
  type FanoutClientOptions,
  type FetchLike,
  type HeadersSource,
  type ResponseLike,
  type WebSocketConstructor,
  type WebSocketLike,
} from './options.js';
