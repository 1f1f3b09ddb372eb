import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Hot path: request and response classes whose instances already have the prototypes that Express gives them.
 *
 * `app.handle` calls `Object.setPrototypeOf` on every request and response. Changing the prototype of a live object
 * throws away its hidden class and what the engine had optimised for it: more than half of the CPU of a small request
 * (load/micro/http-prototype.ts measures it). When the prototype is the one it has, the call does nothing.
 *
 * @returns the two options for `http.createServer`
 */
export function expressClasses(app: Express): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  return {
    IncomingMessage: withPrototype(IncomingMessage, app.request),
    ServerResponse: withPrototype(ServerResponse, app.response),
  };
}

/** A constructor that makes what `Base` makes, born with `prototype`; `prototype` must inherit from `Base.prototype`. */
function withPrototype<T extends abstract new (...args: never[]) => object>(Base: T, prototype: object): T {
  // A plain function, as the `prototype` of a class cannot be replaced. Reflect.construct works for a Base that is a
  // function as well as for one that is a class.
  function Born(...args: unknown[]): object {
    return Reflect.construct(Base, args, Born);
  }
  Born.prototype = prototype;
  return Born as unknown as T;
}
