import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';

import { Metrics } from './metrics.js';

/** `GET /metrics`, in Prometheus's text format. */
@ApiTags('service')
@Controller('metrics')
export class MetricsController {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Get()
  @ApiOperation({ summary: 'Metrics as Prometheus text' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { registry } = this.#metrics;
    const text = await registry.metrics();
    void reply.header('content-type', registry.contentType);
    return text;
  }
}
