import type { Cores } from '../shared/pinning.js';
import type { Setting } from '../shared/setting.js';

/** On what the patterns were measured. */
export interface PinnedSetting extends Setting {
  /** Undefined where server and client were not bound to cores. */
  readonly cores: Cores | undefined;
}
