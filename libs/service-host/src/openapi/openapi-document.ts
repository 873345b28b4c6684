import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** What the document says of the service as a whole. */
export interface ServiceDescription {
  title: string;
  description?: string;
  version?: string;
}

/** The OpenAPI document of the service, made once at start: a fault in it is a fault of wiring. */
export class OpenApiDocument {
  #document: OpenAPIObject | undefined;

  build(app: INestApplication, { title, description = '', version = '0.1.0' }: ServiceDescription): void {
    const frame = new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle(title)
      .setDescription(description)
      .setVersion(version)
      .addServer('/')
      .build();
    this.#document = SwaggerModule.createDocument(app, frame);
  }

  get document(): OpenAPIObject {
    if (this.#document === undefined) {
      throw new Error('the OpenAPI document is read before it was built');
    }
    return this.#document;
  }
}
