/** One request of a workload. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query string, percent-encoded. */
  readonly path: string;
  /** JSON; empty for GET. */
  readonly body: string;
}

/** The bytes of a request as they go over a kept connection. Made before the run, so that sending costs one write. */
export function encodeRequest(request: LoadRequest, host: string): Buffer {
  const { method, path, body } = request;
  const entity =
    method === 'POST' ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : '';
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n${entity}\r\n${body}`);
}
