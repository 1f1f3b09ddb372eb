import { HttpProblem } from '../problems.ts';
import { type AppDeps, type Route, sendBody } from '../route.ts';

/** `GET /readyz`: whether to send traffic here: 503 from the moment that draining begins, and while a store cannot be read. */
export function readyzRoute(deps: AppDeps): Route {
  const body = JSON.stringify({ status: 'ready', dataset: deps.rewriter.dataset });
  return {
    path: '/readyz',
    methods: {
      async GET(_request, response) {
        if (!deps.ready())
          throw new HttpProblem('not-ready', 'the service is shutting down; send new requests elsewhere');
        const trouble = await deps.health.trouble();
        if (trouble !== undefined) {
          deps.logger.error({ err: trouble }, 'not ready');
          throw new HttpProblem('not-ready', 'a store cannot be read; the log says which, and why');
        }
        sendBody(response, 200, 'application/json', body);
      },
    },
  };
}
