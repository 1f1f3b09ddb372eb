import { HOSTILE_SHAPES } from '../../../load/workloads/hostile.ts';
import { misspell } from '../../../load/workloads/misspell.ts';
import { readPool } from '../../../load/workloads/pool.ts';
import { requestFor, requestsOf, WORKLOADS, workloadOf } from '../../../load/workloads/workloads.ts';
import { seededRandom } from '../../../services/figures/random.ts';

const pool = readPool({});

describe('workloads', () => {
  it.each(WORKLOADS.map(({ name }) => name))('%s: the same for the same seed, another for another', (name) => {
    const workload = workloadOf(name);
    const requests = requestsOf(workload, pool, 30, 7);
    expect(requests).toHaveLength(30);
    expect(requestsOf(workload, pool, 30, 7)).toEqual(requests);
    expect(requestsOf(workload, pool, 30, 8)).not.toEqual(requests);
  });

  it.each([
    ['clean', 0],
    ['natural', 0.1],
    ['misspelled-30', 0.3],
    ['misspelled-all', 1],
  ])('%s has its share of queries that are not of the set', (name, share) => {
    const known = new Set(pool.queries);
    const random = seededRandom(3);
    const workload = workloadOf(name);
    let changed = 0;
    for (let i = 0; i < 3000; i++) if (!known.has(workload.query(pool, random))) changed++;
    expect(Math.abs(changed / 3000 - share)).toBeLessThan(0.025);
  });

  it('long queries have 10 to 20 words, or 9 where a space was left out', () => {
    const random = seededRandom(4);
    for (let i = 0; i < 200; i++) {
      const words = workloadOf('long').query(pool, random).split(' ').length;
      expect(words).toBeGreaterThanOrEqual(9);
      expect(words).toBeLessThanOrEqual(20);
    }
  });

  it('sends short queries in the URL and long ones in a body', () => {
    expect(requestFor('b&q küche + bad')).toEqual({
      method: 'GET',
      path: '/rewrite?q=b%26q+k%C3%BCche+%2B+bad',
      body: '',
    });
    const long = 'word '.repeat(1000);
    expect(requestFor(long)).toEqual({ method: 'POST', path: '/rewrite', body: JSON.stringify({ q: long }) });
  });

  it('says which workloads there are when asked for another', () => {
    expect(() => workloadOf('nothing')).toThrow(/natural, clean/);
  });
});

describe('a misspelling', () => {
  it('changes words of four letters and more, and nothing else', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 500; i++) {
      const misspelled = misspell('a 4k tv for the kitchen 18x18', random);
      expect(misspelled).toMatch(/^a 4k tv for ?\S+( \S+)? 18x18$/);
    }
    expect(misspell('tv 4k 18x18', random)).toBeUndefined();
  });
});

describe('hostile queries', () => {
  it.each(HOSTILE_SHAPES.map((shape) => [shape.name, shape] as const))(
    '%s: well-formed and within 16 KiB',
    (_, shape) => {
      const random = seededRandom(2);
      for (let i = 0; i < 5; i++) {
        const query = shape.make(pool.words, random);
        expect(query.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(query)).toBeLessThanOrEqual(16 * 1024);
        expect(query.length).toBeGreaterThan(200);
      }
    },
  );
});
