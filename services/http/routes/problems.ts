import { HttpProblem, PROBLEMS, type ProblemCode } from '../problems.ts';
import { type Route, sendBody } from '../route.ts';

/** `GET /problems/{code}`: what a problem's `type` points at. */
export function problemsRoutes(): Route[] {
  const list: Route = {
    path: '/problems',
    methods: { GET: (_request, response) => sendBody(response, 200, 'application/json', JSON.stringify(PROBLEMS)) },
  };
  const one: Route = {
    path: '/problems/:code',
    methods: {
      GET(request, response) {
        const code = String(request.params['code']);
        if (!Object.hasOwn(PROBLEMS, code)) throw new HttpProblem('not-found', 'there is no such problem');
        sendBody(response, 200, 'application/json', JSON.stringify({ code, ...PROBLEMS[code as ProblemCode] }));
      },
    },
  };
  return [list, one];
}
