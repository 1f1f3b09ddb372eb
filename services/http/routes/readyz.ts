import { HttpProblem } from '../problems.ts';
import { type AppDeps, type Route, sendBody } from '../route.ts';

/** `GET /readyz`: whether to send traffic here: 503 from the moment that draining begins. */
export function readyzRoute(deps: AppDeps): Route {
  const body = JSON.stringify({ status: 'ready', dataset: deps.rewriter.dataset });
  return {
    path: '/readyz',
    methods: {
      GET(_request, response) {
        if (!deps.ready())
          throw new HttpProblem('not-ready', 'the service is shutting down; send new requests elsewhere');
        sendBody(response, 200, 'application/json', body);
      },
    },
  };
}
