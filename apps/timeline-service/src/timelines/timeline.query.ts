import { IsPostId, PageQuery } from 'service-host';

/** Which part of a timeline to show. */
export class TimelineQuery extends PageQuery {
  @IsPostId({ optional: true, description: 'Only what is newer than this post' })
  readonly since?: string;
}
