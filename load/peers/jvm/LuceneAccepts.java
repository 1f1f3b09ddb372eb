import java.io.StringReader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;

/** Whether Lucene takes lines of synonyms: texts on stdin, a zero byte between two, a line of JSON for each. */
final class LuceneAccepts {
  private LuceneAccepts() {}

  public static void main(String[] args) throws Exception {
    Analyzer analyzer =
        new Analyzer() {
          @Override
          protected TokenStreamComponents createComponents(String field) {
            Tokenizer terms = new WhitespaceTokenizer();
            return new TokenStreamComponents(terms, new LowerCaseFilter(terms));
          }
        };
    Accepts.answer(
        text -> {
          SolrSynonymParser parser = new SolrSynonymParser(true, true, analyzer);
          parser.parse(new StringReader(text));
          parser.build();
        });
  }
}
