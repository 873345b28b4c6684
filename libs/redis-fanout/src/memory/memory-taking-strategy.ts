import { checkIds, checkLease, checkNames, checkWhole, encodePayload } from '../strategies/checks.js';
import type {
  Backlog,
  Listening,
  ListenOptions,
  Message,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  TakeRequest,
} from '../strategies/fanout-strategy.js';
import { TakingListener } from '../strategies/taking-listener.js';
import type { IdempotencyKeys } from './idempotency-keys.js';
import { backlogOf, type Inbox, inTurn } from './inbox.js';
import type { Audience } from './line.js';
import { MemoryStrategy } from './memory-strategy.js';
import { type Held, pageOf, toMessage } from './stored-message.js';

/** A listener that takes when it is woken. */
export interface Sleeper {
  wake(): void;
}

/** What became of a message: who is to be woken, and how many the publisher is told of. */
export interface Put {
  readonly id: string;
  readonly recipients: readonly string[];
  readonly receivers: number | null;
}

interface TakingSettings {
  readonly maxPayloadBytes: number;
  readonly duplicateWindowMs: number;
}

/** What the twins of lists and streams share: inboxes of which messages are taken, and acknowledged. */
export abstract class MemoryTakingStrategy<Payload> extends MemoryStrategy<Payload> {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly audience: Audience<Sleeper>,
    private readonly taking: TakingSettings,
  ) {
    super();
  }

  /** Where a recipient's messages are, in the order in which it is their turn. */
  protected abstract inboxesOf(recipient: string): readonly Inbox[];
  /** Puts a message into the inboxes of a source's recipients. */
  protected abstract put(source: string, json: string): Put;

  publish(source: string, payload: Payload, { idempotencyKey }: PublishOptions = {}): Promise<Published> {
    return this.call(() => {
      checkNames(source);
      const json = encodePayload(payload, this.taking.maxPayloadBytes);
      const earlier = this.keys.earlier(source, idempotencyKey);
      if (earlier !== undefined) return { id: earlier.id, repeated: true, receivers: null };
      const { id, recipients, receivers } = this.put(source, json);
      this.keys.note(source, idempotencyKey, this.taking.duplicateWindowMs, { id, json });
      for (const recipient of recipients) this.wake(recipient);
      return { id, repeated: false, receivers };
    });
  }

  listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    return this.call(() => {
      checkNames(recipient);
      const leaseMs = checkLease(options.leaseMs ?? 30_000);
      const source = {
        take: (limit: number) => this.take(recipient, { limit, leaseMs }),
        // These also after the end of the strategy, when its listeners give back what they did not begin.
        renew: (messages: readonly Message<Payload>[]) =>
          this.change(recipient, messages, (inbox, ids) => {
            inbox.renew(ids, leaseMs);
          }),
        giveBack: (messages: readonly Message<Payload>[]) =>
          this.change(recipient, messages, (inbox, ids) => {
            inbox.giveBack(ids);
            this.wake(recipient);
          }),
      };
      const listener = new TakingListener<Payload>(source, handler, leaseMs, options);
      return this.keep(
        this.audience.add(recipient, listener, {
          closed: async () => listener.close(),
          restored: () => {
            listener.wake();
          },
        }),
      );
    });
  }

  override read(recipient: string, request: ReadRequest = {}): Promise<MessagePage<Payload>> {
    return this.call(() => {
      checkNames(recipient);
      const all = this.inboxesOf(recipient).flatMap((inbox) => inbox.all());
      return pageOf<Payload>(all, request);
    });
  }

  override take(
    recipient: string,
    { limit = 10, leaseMs = 30_000 }: TakeRequest = {},
  ): Promise<readonly Message<Payload>[]> {
    return this.call(() => {
      checkNames(recipient);
      checkWhole('limit', limit, 1, 1000);
      checkLease(leaseMs);
      const messages: Message<Payload>[] = [];
      for (const held of takeable(this.inboxesOf(recipient))) {
        if (!this.mayHandOut(recipient, held)) continue;
        held.attempts++;
        held.leaseUntilMs = Date.now() + leaseMs;
        if (messages.push(toMessage<Payload>(held.message, held.attempts)) === limit) break;
      }
      return messages;
    });
  }

  override acknowledge(recipient: string, ids: string | readonly string[]): Promise<number> {
    return this.call(() => {
      checkNames(recipient);
      const list = checkIds(ids);
      return this.inboxesOf(recipient).reduce((sum, inbox) => sum + inbox.forget(list), 0);
    });
  }

  override backlog(recipient: string): Promise<Backlog> {
    return this.call(() => {
      checkNames(recipient);
      return backlogOf(this.inboxesOf(recipient));
    });
  }

  /** Asked of each message before it is handed out to a recipient. */
  protected abstract mayHandOut(recipient: string, held: Held): boolean;

  /** Says to those who listen that there may be something to take. */
  protected wake(recipient: string): void {
    this.audience.tell(recipient, (listener) => {
      listener.wake();
    });
  }

  private change(
    recipient: string,
    messages: readonly Message<Payload>[],
    change: (inbox: Inbox, ids: readonly string[]) => void,
  ): Promise<void> {
    const ids = messages.map(({ id }) => id);
    for (const inbox of this.inboxesOf(recipient)) change(inbox, ids);
    return Promise.resolve();
  }
}

function* takeable(inboxes: readonly Inbox[]): Generator<Held> {
  yield* inTurn(inboxes.map((inbox) => inbox.overdue()));
  yield* inTurn(inboxes.map((inbox) => inbox.fresh()));
}
