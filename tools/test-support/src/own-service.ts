import {
  createService,
  type CreateOptions,
  fanoutProblem,
  type Service,
  type ServiceSettings,
} from 'service-host';

import { onCleanUp } from './clean-up.js';
import { Caller } from './http.js';

/** A service that listens, and what calls it. */
export interface OwnService {
  readonly service: Service;
  readonly api: Caller;
}

/** A service of the test's own, until `cleanUp`: nobody sees its log, and it does not drain for long. */
export async function ownService<S extends ServiceSettings>(options: CreateOptions<S>): Promise<OwnService> {
  const service = await createService({
    mapError: fanoutProblem,
    logDestination: { write: () => undefined },
    shutdown: { drainTimeoutMs: 3000 },
    ...options,
  });
  onCleanUp(() => service.stop());
  return { service, api: new Caller(service.url) };
}
