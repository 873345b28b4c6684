export { cleanUp, onCleanUp } from './clean-up.js';
export { type Answer, Caller, type RequestOptions, type TestPage } from './http.js';
export { Library } from './library.js';
export { ownRedis } from './own-redis.js';
export { type OwnService, ownService } from './own-service.js';
export { expectInvalid, expectProblem } from './problems.js';
export { until } from './until.js';
