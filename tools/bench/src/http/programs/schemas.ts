/** What the servers of Fastify take and answer: JSON Schemas, by which Fastify checks requests and writes answers. */
const userId = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } as const;
const postId = { type: 'string', pattern: '^[0-9]{19}$' } as const;

const post = {
  type: 'object',
  required: ['id', 'author', 'text', 'attachments', 'createdAt', 'editedAt'],
  properties: {
    id: { type: 'string' },
    author: { type: 'string' },
    text: { type: 'string' },
    attachments: { type: 'array', items: { type: 'string' } },
    createdAt: { type: 'string' },
    editedAt: { type: 'string', nullable: true },
  },
} as const;

export const timelineSchema = {
  params: { type: 'object', required: ['user'], properties: { user: userId } },
  querystring: {
    type: 'object',
    properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 50 }, since: postId },
  },
  response: {
    200: {
      type: 'object',
      required: ['items', 'nextCursor'],
      properties: {
        items: { type: 'array', items: post },
        nextCursor: { type: 'string', nullable: true },
      },
    },
  },
} as const;

export const publishSchema = {
  body: {
    type: 'object',
    required: ['author', 'text'],
    additionalProperties: false,
    properties: {
      author: userId,
      text: { type: 'string', minLength: 1, maxLength: 10_000 },
      attachments: { type: 'array', maxItems: 16, items: { type: 'string', format: 'uri' } },
    },
  },
  response: { 201: post },
} as const;

/** A timeline's request, once it is checked. */
export interface TimelineRequest {
  Params: { readonly user: string };
  Querystring: { readonly limit: number; readonly since?: string };
}

/** A post's request, once it is checked. */
export interface PublishRequest {
  Body: { readonly author: string; readonly text: string; readonly attachments?: readonly string[] };
}
