import type { Exposition } from '../figures.ts';
import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';

/** `GET /metrics`: the figures in Prometheus's text format. */
export function metricsRoute(deps: AppDeps): Route {
  // Putting them together takes milliseconds: those who ask at the same time get the same.
  let current: Promise<Exposition> | undefined;
  const exposition = () => {
    current ??= deps.metrics.exposition().finally(() => {
      current = undefined;
    });
    return current;
  };
  return {
    path: '/metrics',
    methods: {
      async GET(request, response) {
        requireAccepts(request, 'text/plain');
        const { contentType, text } = await exposition();
        sendBody(response, 200, contentType, text);
      },
    },
  };
}
