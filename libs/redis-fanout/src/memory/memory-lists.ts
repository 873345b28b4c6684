import { randomUUID } from 'node:crypto';

import { LIST_CAPABILITIES, type ListCapabilities } from '../strategies/capabilities.js';
import { checkNames } from '../strategies/checks.js';
import type { SubscribeOptions } from '../strategies/fanout-strategy.js';
import { type listSettings, MAX_TAKEN } from '../strategies/strategy-options.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Inbox } from './inbox.js';
import { Audience, type Line } from './line.js';
import { MemoryTakingStrategy, type Put, type Sleeper } from './memory-taking-strategy.js';
import { Multimap } from './multimap.js';
import { type Held, Sequence } from './stored-message.js';

/** What all lists of one prefix have in common. */
export class ListStore {
  readonly subscribers = new Multimap<string>();
  readonly inboxes = new Map<string, Inbox>();
  readonly sequence = new Sequence();
  readonly keys = new IdempotencyKeys();
  readonly audience: Audience<Sleeper>;

  constructor(line: Line) {
    this.audience = new Audience(line);
  }
}

/** The twin of lists. */
export class MemoryLists<Payload> extends MemoryTakingStrategy<Payload> {
  readonly capabilities: ListCapabilities = LIST_CAPABILITIES;
  protected readonly name = 'lists';

  constructor(
    private readonly store: ListStore,
    private readonly settings: ReturnType<typeof listSettings>,
  ) {
    super(store.keys, store.audience, settings);
  }

  subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.checkOptions(options);
      this.store.subscribers.add(source, recipient);
    });
  }

  unsubscribe(recipient: string, source: string): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.store.subscribers.delete(source, recipient);
    });
  }

  protected override put(source: string, json: string): Put {
    const message = { id: randomUUID(), source, json, ...this.store.sequence.next() };
    const recipients = this.store.subscribers.get(source);
    for (const recipient of recipients) {
      const inbox = this.store.inboxes.get(recipient) ?? new Inbox();
      this.store.inboxes.set(recipient, inbox);
      inbox.put(message);
      inbox.dropAbove(this.settings.inboxMaxMessages);
    }
    return { id: message.id, recipients, receivers: recipients.length };
  }

  protected override inboxesOf(recipient: string): readonly Inbox[] {
    const inbox = this.store.inboxes.get(recipient);
    return inbox === undefined ? [] : [inbox];
  }

  protected override mayHandOut(recipient: string, held: Held): boolean {
    if (held.leaseUntilMs > 0) return true;
    return this.inboxesOf(recipient).every(({ taken }) => taken < MAX_TAKEN);
  }
}
