export { type ModelPost, TimelineModel, type TimelineModelOptions } from './timeline-model.js';
