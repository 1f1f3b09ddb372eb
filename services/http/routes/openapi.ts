import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';

/** `GET /openapi.json`: the API's description, from `openapi.yaml`, read and converted when it is first asked for. */
export function openapiRoute(deps: AppDeps): Route {
  let converted: Promise<string> | undefined;
  return {
    path: '/openapi.json',
    methods: {
      async GET(request, response) {
        requireAccepts(request, 'application/json');
        converted ??= convert(deps).catch((error) => {
          converted = undefined;
          throw error;
        });
        sendBody(response, 200, 'application/json', await converted);
      },
    },
  };
}

async function convert(deps: AppDeps): Promise<string> {
  // Loaded here: the parser takes longer to load than the service to start, and few ask for the description.
  const { parse } = await import('yaml');
  const description: { info: { version: string } } = parse(
    await readFile(join(deps.assetsDir, 'openapi.yaml'), 'utf8'),
  );
  description.info.version = deps.version;
  return JSON.stringify(description);
}
