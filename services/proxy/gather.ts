import type { Readable } from 'node:stream';

/** What has been read of a stream. */
export interface Gathered {
  readonly chunks: readonly Buffer[];
  /** Whether that is all of it. */
  readonly isWhole: boolean;
  /** Whether it broke off: nothing more will come. */
  readonly isBroken: boolean;
}

/** Reads a stream to its end, or until it has more than so many bytes: then it is paused, with the rest still to come. */
export function gather(stream: Readable, maxBytes: number): Promise<Gathered> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (isWhole: boolean, isBroken: boolean) => {
      stream.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
      resolve({ chunks, isWhole, isBroken });
    };
    const onEnd = () => settle(true, false);
    const onBreak = () => settle(false, true);
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      stream.pause();
      settle(false, false);
    };
    stream.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
  });
}
