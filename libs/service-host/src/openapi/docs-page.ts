/** The page loads nothing from elsewhere and talks to nobody but the service. */
export const DOCS_CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'";

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #3b6fd8; }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem }
h1 { margin: 0 } h2 { margin: 2rem 0 .5rem; font-size: 1.1rem } h3 { margin: 1rem 0 .25rem; font-size: .9rem }
code, pre, textarea, input { font: 13px/1.5 ui-monospace, monospace }
pre { background: var(--soft); padding: .75rem; border-radius: .5rem; overflow: auto; white-space: pre-wrap }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .4rem 0 }
summary { padding: .5rem .75rem; cursor: pointer } summary:hover { background: var(--soft) }
details > div { padding: 0 .75rem .75rem }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; color: var(--accent) }
.method.delete { color: #c0392b } .method.post { color: #2e8b57 } .method.put, .method.patch { color: #b7791f }
.muted { opacity: .7 }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid var(--line); padding: .25rem .5rem .25rem 0; vertical-align: top }
input, textarea { width: 100%; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: .3rem }
button { margin-top: .5rem; padding: .35rem 1rem; border: 0; border-radius: .3rem; background: var(--accent); color: #fff }
`;

const SCRIPT = `
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== undefined && child !== ''));
  return node;
};
const code = (value) => make('code', { textContent: value });
const json = (value) => make('pre', { textContent: JSON.stringify(value, null, 2) });

function resolve(api, schema, depth = 0) {
  if (!schema || depth > 6) return {};
  if (schema.$ref) return resolve(api, api.components.schemas[schema.$ref.split('/').pop()], depth + 1);
  if (schema.allOf) return resolve(api, schema.allOf[0], depth + 1);
  return schema;
}
function example(api, schema, depth = 0) {
  const own = resolve(api, schema);
  if (own.example !== undefined) return own.example;
  if (own.enum) return own.enum[0];
  if (own.type === 'array') return depth > 4 ? [] : [example(api, own.items, depth + 1)];
  if (own.properties) {
    return Object.fromEntries(
      Object.entries(own.properties).map(([name, value]) => [name, depth > 4 ? null : example(api, value, depth + 1)]),
    );
  }
  return { string: 'text', integer: 1, number: 1, boolean: true }[own.type] ?? null;
}
const limits = (schema) =>
  ['pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'format']
    .filter((key) => schema[key] !== undefined).map((key) => key + ' ' + schema[key]).join(', ');

function parameters(api, list, inputs) {
  const rows = list.map((parameter) => {
    const schema = resolve(api, parameter.schema);
    const input = make('input', { placeholder: parameter.required ? 'required' : 'optional' });
    inputs.push({ parameter, input });
    return make('tr', {},
      make('td', {}, code(parameter.name), make('div', { className: 'muted', textContent: parameter.in })),
      make('td', {}, parameter.description ?? '', make('div', { className: 'muted', textContent: limits(schema) })),
      make('td', {}, input));
  });
  return rows.length ? make('table', {}, ...rows) : '';
}
function answers(responses) {
  const rows = Object.entries(responses).map(([status, { description }]) =>
    make('tr', {}, make('td', {}, code(status)), make('td', { textContent: description ?? '' })));
  return make('table', {}, ...rows);
}
async function send(method, path, inputs, body, output) {
  let url = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of inputs) {
    if (input.value === '') continue;
    if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value));
    if (parameter.in === 'query') query.set(parameter.name, input.value);
    if (parameter.in === 'header') headers[parameter.name] = input.value;
  }
  if (query.size) url += '?' + query;
  if (body) headers['content-type'] = 'application/json';
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 10000);
  output.textContent = '…';
  try {
    const response = await fetch(url, { method, headers, signal: stop.signal, ...(body && { body: body.value }) });
    output.textContent = response.status + ' ' + response.statusText + '\\n' + (await response.text());
  } catch (error) {
    output.textContent = String(error);
  }
}
function operation(api, method, path, spec) {
  const inputs = [];
  const content = spec.requestBody?.content?.['application/json'];
  const body = content && make('textarea', {
    rows: 6, value: JSON.stringify(example(api, content.schema), null, 2),
  });
  const output = make('pre', { textContent: '' });
  const button = make('button', { textContent: 'Send' });
  button.onclick = () => send(method.toUpperCase(), path, inputs, body, output);
  const fields = content && resolve(api, content.schema);
  return make('details', {},
    make('summary', {},
      make('span', { className: 'method ' + method, textContent: method.toUpperCase() }),
      code(path), make('span', { className: 'muted', textContent: '  ' + (spec.summary ?? '') })),
    make('div', {},
      make('p', { textContent: spec.description ?? '' }),
      parameters(api, spec.parameters ?? [], inputs),
      ...(body ? [make('h3', { textContent: 'Body' }), body,
        make('details', {}, make('summary', { textContent: 'Schema' }), json(fields))] : []),
      make('h3', { textContent: 'Answers' }), answers(spec.responses ?? {}), button, output));
}
fetch('openapi.json').then((response) => response.json()).then((api) => {
  document.title = api.info.title;
  const main = document.querySelector('main');
  main.replaceChildren(make('h1', { textContent: api.info.title }),
    make('p', { textContent: api.info.description ?? '' }),
    make('p', {}, make('a', { href: 'openapi.json', textContent: 'openapi.json' })));
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, spec] of Object.entries(item)) {
      const tag = spec.tags?.[0] ?? 'operations';
      groups.set(tag, [...(groups.get(tag) ?? []), operation(api, method, path, spec)]);
    }
  }
  for (const [tag, nodes] of groups) main.append(make('h2', { textContent: tag }), ...nodes);
}).catch((error) => { document.querySelector('main').textContent = String(error); });
`;

/** The page of `GET /docs`: reads `/openapi.json`, lists the operations, and can call them. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>API</title>
<style>${STYLE}</style></head>
<body><main>Loading…</main><script>${SCRIPT}</script></body>
</html>
`;
