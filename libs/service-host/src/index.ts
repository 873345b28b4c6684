export {
  createService,
  type CreateOptions,
  type Service,
  type ServiceDefinition,
} from './boot/create-service.js';
export { SETTINGS } from './boot/host.module.js';
export { type DrainCallback, type DrainContext, Lifecycle } from './boot/lifecycle.js';
export { type ProcessHost, runService, type RunOptions } from './boot/run-service.js';
export { type ShutdownTimes } from './boot/shutdown.js';
export { parseJsonBody } from './body/json-body.js';
export { BodyStream, RawBodyStream } from './body/raw-body-stream.js';
export { Readiness, type ReadinessCheck } from './health/readiness.js';
export { LOGGER, type LogDestination, type LogLevel, type ServiceLogger } from './logging/logger.js';
export { currentRequest, REQUEST_ID_HEADER, type RequestContext } from './logging/request-context.js';
export { type CollectedGauge, Metrics } from './metrics/metrics.js';
export { ApiProblem } from './openapi/api-problem.decorator.js';
export { ProblemSchema } from './openapi/problem.schema.js';
export {
  type FieldError,
  PROBLEM_MEDIA_TYPE,
  type ProblemBody,
  type ProblemCode,
  PROBLEMS,
  problemType,
} from './problems/problem-codes.js';
export { type MapError, MAX_BODY_BYTES } from './problems/problem-mapping.js';
export {
  backlogFull,
  blocked,
  deleted,
  idempotencyConflict,
  internalError,
  invalidField,
  invalidRequest,
  methodNotAllowed,
  notFound,
  ProblemException,
  type ProblemOptions,
  rateLimited,
  storageUnavailable,
  tooLarge,
  unsupportedMediaType,
} from './problems/problem.exception.js';
export {
  bool,
  int,
  type IntOptions,
  oneOf,
  type ReaderOptions,
  redisUrls,
  string,
  url,
} from './settings/readers.js';
export { serviceSettings, type ServiceSettings } from './settings/service-settings.js';
export {
  type Environment,
  readSettings,
  type Setting,
  SettingsError,
  type SettingsOf,
  type SettingsSpec,
} from './settings/settings.js';
export { checkedBody, checkedParam, checkedQuery } from './validation/checked.js';
export {
  type FieldOptions,
  IsHttpUrl,
  IsHttpUrlList,
  IsInteger,
  IsPostId,
  IsText,
  IsUserId,
  Satisfies,
} from './validation/decorators.js';
export { DEFAULT_PAGE_LIMIT, IsQueryInteger, MAX_PAGE_LIMIT, PageQuery } from './validation/page-query.js';
export { PostIdParam, UserIdParam } from './validation/param-pipes.js';
export { httpUrl, integer, list, postId, type Rule, text, userId } from './validation/rules.js';
export { validate } from './validation/validate.js';
export { type UnknownFields, type Validated } from './validation/validated.js';
export { FanoutModule } from './fanout/fanout.module.js';
export { fanoutProblem } from './fanout/fanout-problems.js';
export { fanoutServiceSettings, type FanoutServiceSettings } from './fanout/fanout-settings.js';
export { pageOf } from './fanout/page.dto.js';
export { PostDto, PostPageDto } from './fanout/post.dto.js';
