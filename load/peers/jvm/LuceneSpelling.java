import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.spell.CombineSuggestion;
import org.apache.lucene.search.spell.DirectSpellChecker;
import org.apache.lucene.search.spell.SuggestMode;
import org.apache.lucene.search.spell.SuggestWord;
import org.apache.lucene.search.spell.SuggestWordFrequencyComparator;
import org.apache.lucene.search.spell.WordBreakSpellChecker;
import org.apache.lucene.search.spell.WordBreakSpellChecker.BreakSuggestionSortMethod;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene's DirectSpellChecker and WordBreakSpellChecker, word by word, over an index of a word list or of documents.
 *
 * <pre>
 *   java LuceneSpelling build words|documents FILE INDEX
 *   java LuceneSpelling answer INDEX missing|popular ACCURACY MAX-EDITS MIN-PREFIX MIN-LENGTH MAX-QUERY-FREQUENCY none|split|both MIN-FREQUENCY score|freq INSPECTIONS
 * </pre>
 */
public final class LuceneSpelling {
  private static final String FIELD = "words";

  /** A part of a broken word is no shorter; 1, the default, breaks off single letters. */
  private static final int MIN_BREAK_LENGTH = 3;

  private final IndexReader reader;
  private final DirectSpellChecker direct = new DirectSpellChecker();
  private final WordBreakSpellChecker breaker = new WordBreakSpellChecker();
  private final SuggestMode mode;
  private final String breaks;

  public static void main(String[] args) throws Exception {
    if (args[0].equals("build")) build(args[1], Path.of(args[2]), Path.of(args[3]));
    else {
      LuceneSpelling spelling = new LuceneSpelling(args);
      Lines.answer("Lucene " + Version.LATEST, query -> Lines.correctRuns(query, spelling::correct));
    }
  }

  private static void build(String what, Path file, Path index) throws Exception {
    FieldType type = new FieldType();
    type.setTokenized(true);
    type.setOmitNorms(true);
    type.setIndexOptions(IndexOptions.DOCS);
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer()).setRAMBufferSizeMB(128);
    try (IndexWriter writer = new IndexWriter(FSDirectory.open(index), config)) {
      if (what.equals("words")) {
        Vocabulary words = new Vocabulary(file);
        for (int[] document : words.documents()) add(writer, words.text(document), type);
      } else {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            add(writer, line.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}']+", " "), type);
          }
        }
      }
      writer.forceMerge(1);
    }
  }

  private static void add(IndexWriter writer, String text, FieldType type) throws Exception {
    Document document = new Document();
    document.add(new Field(FIELD, text, type));
    writer.addDocument(document);
  }

  private LuceneSpelling(String[] args) throws Exception {
    reader = DirectoryReader.open(FSDirectory.open(Path.of(args[1])));
    mode = args[2].equals("popular") ? SuggestMode.SUGGEST_MORE_POPULAR : SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX;
    direct.setAccuracy(Float.parseFloat(args[3]));
    direct.setMaxEdits(Integer.parseInt(args[4]));
    direct.setMinPrefix(Integer.parseInt(args[5]));
    direct.setMinQueryLength(Integer.parseInt(args[6]));
    direct.setMaxQueryFrequency(Float.parseFloat(args[7]));
    breaks = args[8];
    if (args[10].equals("freq")) direct.setComparator(new SuggestWordFrequencyComparator());
    direct.setMaxInspections(Integer.parseInt(args[11]));
    breaker.setMinBreakWordLength(MIN_BREAK_LENGTH);
    breaker.setMinSuggestionFrequency(Integer.parseInt(args[9]));
  }

  /** Joins first, then spells what is left, each word by itself, and splits it where nothing is spelled alike. */
  private String correct(List<String> words) throws Exception {
    Term[] terms = new Term[words.size()];
    for (int i = 0; i < terms.length; i++) terms[i] = new Term(FIELD, words.get(i));
    List<String> out = new ArrayList<>();
    String[] joined = join(terms);
    for (int i = 0; i < terms.length; i++) {
      if (joined[i] == null) out.add(correct(terms[i]));
      else if (!joined[i].isEmpty()) out.add(joined[i]);
    }
    return String.join(" ", out);
  }

  /** For each word what it is joined to: the whole at the first word of a join, empty at the others, null elsewhere. */
  private String[] join(Term[] terms) throws Exception {
    String[] joined = new String[terms.length];
    if (!breaks.equals("both") || terms.length < 2) return joined;
    for (CombineSuggestion suggestion : breaker.suggestWordCombinations(terms, 5, reader, SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX)) {
      boolean isFree = true;
      for (int i : suggestion.originalTermIndexes) isFree &= joined[i] == null;
      if (!isFree) continue;
      for (int i : suggestion.originalTermIndexes) joined[i] = "";
      joined[suggestion.originalTermIndexes[0]] = suggestion.suggestion.string;
    }
    return joined;
  }

  private String correct(Term term) throws Exception {
    SuggestWord[] similar = direct.suggestSimilar(term, 1, reader, mode);
    if (similar.length > 0) return similar[0].string;
    String broken = breaks.equals("none") ? null : breakUp(term);
    return broken == null ? term.text() : broken;
  }

  private String breakUp(Term term) throws Exception {
    SuggestWord[][] found =
        breaker.suggestWordBreaks(
            term, 1, reader, SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX, BreakSuggestionSortMethod.NUM_CHANGES_THEN_MAX_FREQUENCY);
    if (found.length == 0) return null;
    List<String> parts = new ArrayList<>();
    for (SuggestWord part : found[0]) parts.add(part.string);
    return String.join(" ", parts);
  }
}
