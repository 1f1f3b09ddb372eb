import { cutSynonyms } from '../../../load/peers/cut-rules.ts';
import { EngineReading } from '../../../load/peers/engine-reading.ts';
import { LongestMatch } from '../../../load/peers/longest-match.ts';
import { madeQuerqyRules } from '../../../load/peers/made-rules.ts';
import { expandedOf, type QuerqyAnswer } from '../../../load/peers/querqy-answers.ts';
import { pick, pickIndex, seededRandom } from '../../../services/figures/random.ts';
import { importText } from '../../support/rule-formats.ts';

describe("the engine's reading of synonyms", () => {
  it('is the naive one, of random lists and mappings', () => {
    const random = seededRandom(7);
    const words = ['a', 'b', 'c', 'd'];
    const text = () => Array.from({ length: 1 + pickIndex(random, 3) }, () => pick(random, words)).join(' ');
    for (let i = 0; i < 300; i++) {
      const line = () => `${text()}${pick(random, [', ', ' => '])}${text()}${pick(random, ['', `, ${text()}`])}\n`;
      const { rules } = importText('solr', Array.from({ length: 4 }, line).join(''));
      const [naive, engine] = [new LongestMatch(rules), new EngineReading(rules)];
      for (let k = 0; k < 10; k++) {
        const query = `${text()} ${text()}`;
        expect([query, rules, engine.places(query)]).toEqual([query, rules, naive.places(query)]);
      }
    }
  });

  it('can be of rules whose terms are cut as queries are', () => {
    const { rules } = importText('solr', 'st. louis, saint-louis\nlove song, love-song\n??? => x\n');
    expect(cutSynonyms(rules)).toBe('st louis, saint louis\n');
  });
});

describe('rules made for Querqy', () => {
  it('are all taken over, and answers are read as the engine gives them', () => {
    const words = ['sofa', 'leather', 'chair', 'table', 'lamps', 'garden'];
    const { rules, report } = importText('querqy', madeQuerqyRules(words, 50, seededRandom(1)));
    expect([rules.rules.length, report.errors]).toEqual([50, 0]);
    const { rules: few } = importText('querqy', 'sofa red =>\n SYNONYM(0.5): couch big\n DELETE: red\n UP(3): x\n');
    const answer: QuerqyAnswer = {
      query: 'sofa red',
      search: {
        all: [
          {
            any: [
              { term: 'sofa', typed: true },
              { all: ['couch', 'big'].map((term) => ({ any: [{ term, weight: 0.5 }] })) },
            ],
          },
          { any: [{ term: 'couch', typed: false }] },
        ],
      },
      filters: [],
      up: [{ factor: 3, of: { term: 'x' } }],
      down: [],
      decorations: [],
    };
    expect(new EngineReading(few).expanded('sofa red')).toEqual(expandedOf(answer));
  });
});
