import { IsUserId } from 'service-host';

/** Whose timeline to listen to. */
export class StreamQuery {
  @IsUserId()
  readonly user!: string;
}
