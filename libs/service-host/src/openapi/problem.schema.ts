import { ApiProperty, ApiSchema } from '@nestjs/swagger';

import { PROBLEMS, problemType } from '../problems/problem-codes.js';

/** How the OpenAPI document describes one wrong field. */
@ApiSchema({ name: 'FieldError' })
export class FieldErrorSchema {
  @ApiProperty({ type: String, example: 'attachments.3' })
  field!: string;

  @ApiProperty({ type: String, example: 'must be an absolute http or https URL' })
  message!: string;
}

/** How the OpenAPI document describes an error. */
@ApiSchema({ name: 'Problem', description: 'Problem details (RFC 9457)' })
export class ProblemSchema {
  @ApiProperty({
    type: String,
    format: 'uri',
    enum: Object.keys(PROBLEMS).map((code) => problemType(code as keyof typeof PROBLEMS)),
  })
  type!: string;

  @ApiProperty({ type: String })
  title!: string;

  @ApiProperty({ type: 'integer' })
  status!: number;

  @ApiProperty({ type: String })
  detail!: string;

  @ApiProperty({ type: [FieldErrorSchema], required: false, description: 'What is wrong with a request' })
  errors?: FieldErrorSchema[];
}
