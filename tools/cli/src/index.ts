export { compareTimelines, type CompareOptions, type Comparison } from './compare/compare.js';
export { randomInput, type RandomInputOptions } from './compare/generate.js';
export { buildModel, type ModelOptions, type ModelPost, partitionOf, ImportModel } from './compare/model.js';
export { pickReaders } from './compare/readers.js';
export { timelineService, untilSettled, type SettleOptions } from './compare/services.js';
export {
  type Difference,
  type FetchPage,
  readTimeline,
  type ShownPost,
  type ShownTimeline,
  type TimelinePage,
} from './compare/timeline.js';
export { type ImportLine, type ImportPost } from './input/line.js';
export { sendImport, type SendOptions, type SendResult } from './import/send.js';
