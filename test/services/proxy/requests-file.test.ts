import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../data/package-root.ts';
import { pathTest } from '../../../services/proxy/patterns.ts';
import { parseRequests } from '../../../services/proxy/requests-file.ts';
import { codeOf } from '../../support/error-code.ts';

const ONE = { path: '/a/_search', engine: 'elasticsearch', pointer: '/q' };

describe('a requests file', () => {
  it('has defaults for all but the requests', () => {
    expect(parseRequests({ requests: [ONE] }, 'f')).toMatchObject({
      mode: 'observe',
      share: 1,
      shareBy: null,
      modeHeader: null,
      budgetMs: 50,
      maxBodyBytes: 1_048_576,
      host: 'client',
      requests: [{ name: 'requests-0', methods: ['GET', 'POST'], syntax: 'plain', suggestion: 'emend' }],
    });
  });

  it.each<[string, unknown, string]>([
    ['that is no object', [], 'CONFIG_FILE'],
    ['without requests', {}, 'CONFIG_TYPE'],
    ['with no requests', { requests: [] }, 'CONFIG_TYPE'],
    ['with an unknown member', { requests: [ONE], budget: 3 }, 'CONFIG_UNKNOWN'],
    ['with an unknown member of a request', { requests: [{ ...ONE, regex: 'x' }] }, 'CONFIG_UNKNOWN'],
    ['with an unknown mode', { requests: [ONE], mode: 'on' }, 'CONFIG_TYPE'],
    ['with a share above 1', { requests: [ONE], share: 2 }, 'CONFIG_RANGE'],
    ['with a share that is text', { requests: [ONE], share: '1' }, 'CONFIG_TYPE'],
    ['with shareBy and the whole share', { requests: [ONE], shareBy: 'X-Id' }, 'CONFIG_PAIR'],
    ['with a budget of nothing', { requests: [ONE], budgetMs: 0 }, 'CONFIG_RANGE'],
    ['with half a byte', { requests: [ONE], maxBodyBytes: 2048.5 }, 'CONFIG_TYPE'],
    ['with a header that is none', { requests: [ONE], modeHeader: 'a b' }, 'CONFIG_TYPE'],
    ['with a path that is none', { requests: [{ ...ONE, path: 'a' }] }, 'CONFIG_TYPE'],
    ['with an engine that there is not', { requests: [{ ...ONE, engine: 'lucene' }] }, 'CONFIG_TYPE'],
    ['with no place of the text', { requests: [{ path: '/a', engine: 'solr' }] }, 'CONFIG_PAIR'],
    ['with two places of the text', { requests: [{ ...ONE, parameter: 'q' }] }, 'CONFIG_PAIR'],
    ['with a pointer that is none', { requests: [{ ...ONE, pointer: 'q' }] }, 'CONFIG_TYPE'],
    ['with a suggestion of Solr', { requests: [{ ...ONE, engine: 'solr', suggestion: 's' }] }, 'CONFIG_PAIR'],
    [
      'with two of one name',
      {
        requests: [
          { ...ONE, name: 'a' },
          { ...ONE, name: 'a' },
        ],
      },
      'CONFIG_PAIR',
    ],
    ['with methods that are none', { requests: [{ ...ONE, methods: ['get'] }] }, 'CONFIG_TYPE'],
  ])('%s is refused', (_what, file, code) => {
    expect(codeOf(() => parseRequests(file, 'f'))).toBe(code);
  });
});

describe('the manual', () => {
  it('shows requests files that can be used', () => {
    const manual = readFileSync(join(packageRoot(), 'docs', 'proxy.md'), 'utf8');
    const blocks = [...manual.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    const files = blocks.filter((block) => block.includes('"requests"'));
    expect(files).toHaveLength(3);
    for (const file of files) expect(parseRequests(JSON.parse(file), 'docs/proxy.md').requests).not.toHaveLength(0);
  });
});

describe('a path pattern', () => {
  it.each([
    ['/a/_search', '/a/_search', true],
    ['/a/_search', '/a/_search/', false],
    ['/*/_search', '/products/_search', true],
    ['/*/_search', '/a/b/_search', false],
    ['/*/_search', '/_search', false],
    ['/p-*-v*/_search', '/p-shop-v2/_search', true],
    ['/p-*-v*/_search', '/p-v2/_search', false],
    ['/**/_search', '/_search', true],
    ['/**/_search', '/a/b/_search', true],
    ['/solr/**', '/solr', true],
    ['/solr/**', '/solr/a/select', true],
    ['/a.b', '/aXb', false],
  ])('%s against %s: %s', (pattern, path, fits) => {
    expect(pathTest(pattern)(path)).toBe(fits);
  });
});
