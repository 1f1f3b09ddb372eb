import { HttpProblem } from '../problems.ts';
import { type AppDeps, type Route, sendBody } from '../route.ts';

/**
 * `GET /readyz`: whether to send traffic here: 503 from the moment that draining begins, before files of live data were
 * imported for the first time, and while a store cannot be read.
 */
export function readyzRoute(deps: AppDeps): Route {
  const ready = { status: 'ready', dataset: deps.rewriter.dataset };
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
        const data = deps.data?.();
        if (data?.notReady) throw new HttpProblem('not-ready', data.notReady);
        const { files, error } = data ?? {};
        const warnings = deps.shortages?.() ?? [];
        const body = { ...ready, ...(warnings.length > 0 && { warnings }), ...(data && { data: { error, files } }) };
        sendBody(response, 200, 'application/json', JSON.stringify(body));
      },
    },
  };
}
