import { type Route, sendBody } from '../route.ts';

/** `GET /livez`: the process answers; 503 is never an answer here, so an orchestrator restarts only what hangs. */
export function livezRoute(): Route {
  return {
    path: '/livez',
    methods: { GET: (_request, response) => sendBody(response, 200, 'application/json', '{"status":"live"}') },
  };
}
