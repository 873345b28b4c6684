import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';

import { DOCS_CONTENT_SECURITY_POLICY, DOCS_PAGE } from './docs-page.js';
import { OpenApiDocument } from './openapi-document.js';

/** `GET /openapi.json`, and `GET /docs` for people. */
@ApiExcludeController()
@Controller()
export class OpenApiController {
  readonly #openApi: OpenApiDocument;

  constructor(openApi: OpenApiDocument) {
    this.#openApi = openApi;
  }

  @Get('openapi.json')
  document(): OpenAPIObject {
    return this.#openApi.document;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', DOCS_CONTENT_SECURITY_POLICY)
  page(): string {
    return DOCS_PAGE;
  }
}
