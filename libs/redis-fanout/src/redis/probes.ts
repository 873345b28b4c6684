import { StorageUnavailableError } from '../errors.js';

/** How subscriptions are watched. */
export interface ProbeSettings {
  /** How often a message to oneself is published. */
  readonly probeIntervalMs: number;
  /** What hears none of them for so long, counted in intervals (two at least), is taken for dead. */
  readonly probeTimeoutMs: number;
}

interface Probe {
  readonly publish: (text: string) => Promise<void>;
  /** When the newest that was heard had been published. */
  heardMs?: number;
  /** Turns since one was heard. Not a time: a process that stood still itself does not blame the peer. */
  silentTurns: number;
  /** Called when the first is heard. */
  readonly sound: () => void;
  readonly fail: (error: Error) => void;
}

/** Messages to oneself over channels of one's own: an idle subscriber does not notice that its peer is dead. */
export class Probes {
  private readonly probes = new Map<string, Probe>();
  private readonly timer: NodeJS.Timeout;
  private soundUntil = Date.now();
  private ended: string | undefined;

  constructor(
    private readonly settings: ProbeSettings,
    private readonly onSilence: (reason: string) => void,
  ) {
    this.timer = setInterval(() => {
      this.turn();
    }, settings.probeIntervalMs);
  }

  /**
   * Until when, in milliseconds since 1970, nothing was missed for sure. Lags behind by an interval or more, for which
   * time the nodes of a cluster may take to tell each other of what is published.
   */
  get soundUntilMs(): number {
    return this.soundUntil;
  }

  /** Begins to probe a channel; resolves when it was heard, rejects when it is not, or the probes are ended. */
  async begin(channel: string, publish: (text: string) => Promise<void>): Promise<void> {
    const { ended } = this;
    if (ended !== undefined) throw closed(ended);
    await new Promise<void>((sound, fail) => {
      this.probes.set(channel, { publish, silentTurns: 0, sound, fail });
      this.send(channel);
    });
  }

  /** Whether a message was a probe. */
  hear(channel: string, text: string): boolean {
    const probe = this.probes.get(channel);
    if (probe === undefined) return false;
    probe.heardMs = Math.max(probe.heardMs ?? 0, Number(text));
    probe.silentTurns = 0;
    probe.sound();
    return true;
  }

  end(reason: string): void {
    this.ended = reason;
    clearInterval(this.timer);
    for (const channel of this.probes.keys()) this.forget(channel, reason);
  }

  private turn(): void {
    const heard = [...this.probes.values()].flatMap(({ heardMs }) => heardMs ?? []);
    if (heard.length > 0) this.soundUntil = Math.min(...heard);
    for (const [channel, probe] of this.probes) {
      probe.silentTurns++;
      if (probe.silentTurns * this.settings.probeIntervalMs < this.settings.probeTimeoutMs) {
        this.send(channel);
      } else if (probe.heardMs === undefined && heard.length > 0) {
        // Others are heard: that this one cannot be is no reason to lose them.
        this.forget(channel, 'no probe was heard');
      } else {
        this.onSilence(`no probe was heard on ${channel}`);
        return;
      }
    }
  }

  private send(channel: string): void {
    // Whether it arrives is what counts.
    this.probes
      .get(channel)
      ?.publish(String(Date.now()))
      .catch(() => undefined);
  }

  private forget(channel: string, reason: string): void {
    this.probes.get(channel)?.fail(closed(reason));
    this.probes.delete(channel);
  }
}

function closed(reason: string): StorageUnavailableError {
  return new StorageUnavailableError(`the subscriptions are over: ${reason}`);
}
