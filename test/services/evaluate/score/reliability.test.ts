import { judge, type Outcome } from '../../../../services/evaluate/judge/outcome.ts';
import { reliabilities } from '../../../../services/evaluate/score/reliability.ts';
import { seededRandom } from '../../../../services/figures/random.ts';

let line = 0;
function outcome(input: string, right: string, rewritten: string, confidence: number): Outcome {
  const decision = rewritten === input ? 'none' : 'suggest';
  return judge(
    { line: ++line, input, rights: [right] },
    { rewritten, decision, search: input, confidence, alternatives: [] },
  );
}

const kept = (count: number) =>
  Array.from({ length: count }, () => outcome('red shoes', 'red shoes', 'red shoes', 0.9));

describe('reliability by kind', () => {
  it('puts each changed query among those of as many words and those changed alike, others nowhere', () => {
    const rows = [
      outcome('shose', 'shoes', 'shoes', 0.9),
      outcome('redshoes now', 'red shoes now', 'red shoes now', 0.8),
      outcome('teh', 'the', 'teh', 0.5),
      ...kept(10),
    ];
    const groups = reliabilities(rows, 0.06).map(({ group, changed }) => [group, changed]);
    expect(groups).toEqual([
      ['1 word', 1],
      ['2 words', 1],
      ['one space missing', 1],
      ['one word respelled', 1],
    ]);
  });

  it('weighs rows to the error rate: a correct query that is changed counts as many misspelled ones', () => {
    const rows = [
      outcome('shose', 'shoes', 'shoes', 0.5),
      outcome('show', 'show', 'shoe', 0.5),
      ...kept(1),
      outcome('teh', 'the', 'teh', 0.5),
    ];
    // Two of each class: at 0.2 a misspelled row weighs a quarter of a correct one.
    expect(reliabilities(rows, 0.2)[0]).toMatchObject({ group: '1 word', changed: 2, confidence: 0.5, right: 0.2 });
  });

  it('finds confidences that come true within chance, and others beyond it', () => {
    const random = seededRandom(5);
    const rows: Outcome[] = [];
    for (let i = 0; i < 4000; i++) {
      const confidence = 0.3 + 0.7 * random();
      // At this error rate misspelled rows and correct ones weigh the same.
      const isRight = random() < confidence;
      rows.push(isRight ? outcome('shose', 'shoes', 'shoes', confidence) : outcome('show', 'show', 'shoe', confidence));
    }
    const share = rows.filter(({ needsCorrection }) => needsCorrection).length / rows.length;
    const [good] = reliabilities(rows, share);
    expect(Math.abs(good!.right - good!.confidence)).toBeLessThan(4 * good!.byChance);
    const bold = rows.map(({ row, answer }) =>
      outcome(row.input, row.rights[0]!, answer.rewritten, 1 - 0.1 * (1 - answer.confidence)),
    );
    const [bad] = reliabilities(bold, share);
    expect(bad!.confidence - bad!.right).toBeGreaterThan(4 * bad!.byChance);
  });

  it('says nothing of sets with rows of one class', () => {
    expect(reliabilities([outcome('shose', 'shoes', 'shoes', 0.9)], 0.06)).toEqual([]);
  });
});
