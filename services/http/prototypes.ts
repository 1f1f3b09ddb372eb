import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Hot path: gives an application request and response classes whose instances are born with the prototypes that it
 * would give them.
 *
 * `app.handle` calls `Object.setPrototypeOf` on every request and response. Changing the prototype of a live object
 * throws away its hidden class and what the engine had optimised for it: more than half of the CPU of a small request
 * (load/micro/http-prototype.ts measures it). When the prototype is the one it has, the call does nothing.
 *
 * That is so on Node 20 and 22. In processor time of `node:http` alone, a small GET costs 3.6 to 4.2 there with Express as it
 * comes and 1.0 to 1.2 with these classes; on Node 24 and 26 it costs 1.3 to 1.4 and 1.2, a POST 1.1 to 1.4 and 1.1. So this
 * module can go when Node 22 is no longer supported, and with it its line in server.ts, its test, the benchmark, and the
 * exception for it in biome.json.
 *
 * The classes' own prototypes take the place of `app.request` and `app.response` and inherit from them. The other way
 * round, a plain function with `app.request` as its prototype that builds through `Reflect.construct`, makes the engine
 * derive a hidden class anew for each object, and was slower than doing nothing: only derived classes keep theirs.
 *
 * @returns the two options for `http.createServer`
 */
export function expressClasses(app: Express): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as Express['request'];
  app.response = AppResponse.prototype as Express['response'];
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
