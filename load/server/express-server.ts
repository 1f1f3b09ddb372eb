/** The least that a service on Express needs to start: imports it and listens. What start-up is measured beside. */
import express from 'express';

const app = express();
app.get('/rewrite', (_, response) => {
  response.json({});
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stderr.write(`express: ready on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit());
