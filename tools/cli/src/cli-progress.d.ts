/** The part of cli-progress that is used here; the package brings no types. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: {
      readonly format: string;
      readonly hideCursor?: boolean;
      readonly clearOnComplete?: boolean;
      readonly stream?: NodeJS.WritableStream;
      readonly fps?: number;
    });
    start(total: number, value: number, payload: object): void;
    update(value: number, payload: object): void;
    stop(): void;
  }
}
