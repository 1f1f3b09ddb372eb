import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.synonym.WordnetSynonymParser;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionLengthAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Queries on stdin through Lucene's SynonymGraphFilter, terms cut at white space and lower-cased; a line of JSON for each, with the
 * tokens of the graph: from which node to which, whether typed or put in, and the offsets of what they stand for.
 */
final class LuceneExpansions {
  private LuceneExpansions() {}

  /** Arguments: solr or wordnet, whether to expand, the file. */
  public static void main(String[] args) throws Exception {
    Analyzer plain = analyzer(null);
    boolean expand = Boolean.parseBoolean(args[1]);
    SynonymMap map;
    try (Reader rules = Files.newBufferedReader(Paths.get(args[2]), StandardCharsets.UTF_8)) {
      if (args[0].equals("wordnet")) {
        WordnetSynonymParser parser = new WordnetSynonymParser(true, expand, plain);
        parser.parse(rules);
        map = parser.build();
      } else {
        SolrSynonymParser parser = new SolrSynonymParser(true, expand, plain);
        parser.parse(rules);
        map = parser.build();
      }
    }
    Analyzer synonyms = analyzer(map);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String query = in.readLine(); query != null; query = in.readLine()) {
      out.println("{\"query\":" + Json.text(query) + ",\"tokens\":[" + String.join(",", tokens(synonyms, query)) + "]}");
    }
    out.flush();
  }

  private static List<String> tokens(Analyzer analyzer, String query) throws Exception {
    List<String> tokens = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream("f", query)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      TypeAttribute type = stream.addAttribute(TypeAttribute.class);
      PositionIncrementAttribute step = stream.addAttribute(PositionIncrementAttribute.class);
      PositionLengthAttribute length = stream.addAttribute(PositionLengthAttribute.class);
      OffsetAttribute offset = stream.addAttribute(OffsetAttribute.class);
      stream.reset();
      int node = -1;
      while (stream.incrementToken()) {
        node += step.getPositionIncrement();
        tokens.add(
            "{\"text\":" + Json.text(term.toString())
                + ",\"from\":" + node
                + ",\"to\":" + (node + length.getPositionLength())
                + ",\"typed\":" + !SynonymGraphFilter.TYPE_SYNONYM.equals(type.type())
                + ",\"start\":" + offset.startOffset()
                + ",\"end\":" + offset.endOffset() + "}");
      }
      stream.end();
    }
    return tokens;
  }

  private static Analyzer analyzer(SynonymMap map) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer terms = new WhitespaceTokenizer();
        TokenStream lower = new LowerCaseFilter(terms);
        // An empty map has no automaton.
        return new TokenStreamComponents(terms, map == null || map.fst == null ? lower : new SynonymGraphFilter(lower, map, true));
      }
    };
  }
}
