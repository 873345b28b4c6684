import { RouteTable } from './route-table.js';

describe('RouteTable', () => {
  const routes = new RouteTable();
  for (const [method, url] of [
    ['GET', '/users/:user'],
    ['PUT', '/users/:user'],
    ['PUT', '/users/:user'],
    ['DELETE', '/users/:id'],
    ['POST', '/users'],
  ] as const) {
    routes.add(method, url);
  }

  it.each([
    ['/users/a', ['DELETE', 'GET', 'OPTIONS', 'PUT']],
    ['/users', ['OPTIONS', 'POST']],
    ['/users/', []],
    ['/users/a/b', []],
    ['/users/%zz', []],
    ['*', []],
  ])('%s takes %p', (path, methods) => {
    expect(routes.methodsOf(path)).toEqual(methods);
  });
});
