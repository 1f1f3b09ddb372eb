import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';

/** `GET /metrics`: the figures in Prometheus's text format. */
export function metricsRoute(deps: AppDeps): Route {
  return {
    path: '/metrics',
    methods: {
      async GET(request, response) {
        requireAccepts(request, 'text/plain');
        const { contentType, text } = await deps.metrics.exposition();
        sendBody(response, 200, contentType, text);
      },
    },
  };
}
