import { AudienceTooLargeError, NotSubscribedError } from '../errors.js';
import { STREAM_CAPABILITIES, type StreamCapabilities } from '../strategies/capabilities.js';
import { checkNames } from '../strategies/checks.js';
import type {
  DeadLetterOperations,
  MessagePage,
  ReadRequest,
  StartingPoint,
  SubscribeOptions,
} from '../strategies/fanout-strategy.js';
import type { streamSettings } from '../strategies/strategy-options.js';
import type { Group } from './group.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Audience, type Line } from './line.js';
import { MemoryTakingStrategy, type Put, type Sleeper } from './memory-taking-strategy.js';
import { SourceLog, startingPosition } from './source-log.js';
import { type Held, pageOf, parsePosition, Sequence, type StoredMessage } from './stored-message.js';

/** What all streams of one prefix have in common. */
export class StreamStore {
  /** Orders the dead letters. */
  readonly burials = new Sequence();
  readonly keys = new IdempotencyKeys();
  readonly audience: Audience<Sleeper>;
  private readonly logs = new Map<string, SourceLog>();
  private readonly groups = new Map<string, Map<string, Group>>();

  constructor(line: Line) {
    this.audience = new Audience(line);
  }

  logOf(source: string): SourceLog {
    const log = this.logs.get(source) ?? new SourceLog(source);
    this.logs.set(source, log);
    return log;
  }

  /** What a recipient is subscribed to, by source, in the order in which it is their turn. */
  groupsOf(recipient: string): Map<string, Group> {
    const groups = this.groups.get(recipient) ?? new Map<string, Group>();
    this.groups.set(recipient, groups);
    return groups;
  }
}

/** The twin of streams. */
export class MemoryStreams<Payload>
  extends MemoryTakingStrategy<Payload>
  implements DeadLetterOperations<Payload>
{
  readonly capabilities: StreamCapabilities;
  protected readonly name = 'streams';

  constructor(
    private readonly store: StreamStore,
    private readonly settings: ReturnType<typeof streamSettings>,
  ) {
    super(store.keys, store.audience, settings);
    this.capabilities = { ...STREAM_CAPABILITIES, largestAudience: settings.largestAudience };
  }

  subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.checkOptions(options);
      const from = startingPosition(source, options.from ?? 'now');
      const groups = this.store.groupsOf(recipient);
      if (groups.has(source)) return;
      const log = this.store.logOf(source);
      const { largestAudience } = this.settings;
      if (log.recipients.length >= largestAudience) throw new AudienceTooLargeError(source, largestAudience);
      groups.set(source, log.join(recipient, from));
      this.wake(recipient);
    });
  }

  unsubscribe(recipient: string, source: string): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.store.groupsOf(recipient).delete(source);
      this.store.logOf(source).leave(recipient);
    });
  }

  override replay(recipient: string, source: string, from: StartingPoint): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      const position = startingPosition(source, from);
      if (!this.store.groupsOf(recipient).has(source)) throw new NotSubscribedError(recipient, source);
      this.store.logOf(source).replay(recipient, position);
      this.wake(recipient);
    });
  }

  deadLetters(recipient: string, request: ReadRequest = {}): Promise<MessagePage<Payload>> {
    return this.call(() => {
      checkNames(recipient);
      const groups = [...this.store.groupsOf(recipient).values()];
      return pageOf<Payload>(
        groups.flatMap(({ deadLetters }) => deadLetters),
        request,
      );
    });
  }

  replayDeadLetter(recipient: string, id: string): Promise<boolean> {
    return this.call(() => {
      const letter = this.exhume(recipient, id);
      if (letter === undefined) return false;
      this.store.logOf(letter.source).appendFor(recipient, letter.json);
      this.wake(recipient);
      return true;
    });
  }

  deleteDeadLetter(recipient: string, id: string): Promise<boolean> {
    return this.call(() => this.exhume(recipient, id) !== undefined);
  }

  protected override put(source: string, json: string): Put {
    const log = this.store.logOf(source);
    const id = log.append(json, this.settings.streamMaxMessages);
    // The real one does not know how many there are.
    return { id, recipients: log.recipients, receivers: null };
  }

  protected override inboxesOf(recipient: string): readonly Group[] {
    return [...this.store.groupsOf(recipient).values()];
  }

  /** A message that was handed out too often becomes a dead letter; otherwise it is the other sources' turn next. */
  protected override mayHandOut(recipient: string, held: Held): boolean {
    const { source } = held.message;
    const groups = this.store.groupsOf(recipient);
    const group = groups.get(source);
    if (group === undefined) return false;
    if (held.attempts >= this.settings.maxAttempts) {
      group.bury(held, this.store.burials.next(), this.settings.maxDeadLetters);
      return false;
    }
    groups.delete(source);
    groups.set(source, group);
    return true;
  }

  private exhume(recipient: string, id: string): StoredMessage | undefined {
    checkNames(recipient);
    const source = parsePosition(id)?.source ?? '';
    return this.store.groupsOf(recipient).get(source)?.exhume(id);
  }
}
