/**
 * Code units that a scan looked at ahead of its position: at most a small multiple of the text's length, which a test
 * checks on texts made to break that.
 */
export class Work {
  units = 0;
}
