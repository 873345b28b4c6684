import { type FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

const unreachable = (): never => {
  throw new Error('the route table only looks routes up');
};

/** Which methods each path takes. Fastify knows routes by method only, so that it cannot tell a 405 from a 404. */
export class RouteTable {
  readonly #router = findMyWay({ maxParamLength: 100_000 });
  readonly #methods = new Set<string>();

  /** Collects every route that is registered from now on. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) {
        this.add(name, url);
      }
    });
  }

  /** Adds one route; adding it again changes nothing. */
  add(method: string, url: string): void {
    this.#methods.add(method);
    if (this.#router.findRoute(method as HTTPMethod, url) === null) {
      this.#router.on(method as HTTPMethod, url, unreachable);
    }
  }

  /** The methods that a path takes, sorted; none where there is no such path. */
  methodsOf(path: string): string[] {
    const found = [...this.#methods].filter((method) => this.#matches(method, path));
    return found.length === 0 ? [] : [...new Set([...found, 'OPTIONS'])].sort();
  }

  #matches(method: string, path: string): boolean {
    const found = this.#router.find(method as HTTPMethod, path);
    // NestJS takes a path with an empty part for unknown; find-my-way finds it.
    return found !== null && Object.values(found.params).every((value) => value !== '');
  }
}
