import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A word list as an index sees words: by the number of documents that hold them. So that a word twice as frequent stands in more
 * documents, and an index of some thousand of them is enough, the numbers follow the cube roots of the counts.
 */
final class Vocabulary {
  static final int DOCUMENTS = 4000;

  final List<String> terms = new ArrayList<>();
  final List<Long> counts = new ArrayList<>();
  private long maxCount = 1;

  /** Reads {@code term<TAB>count} lines. */
  Vocabulary(Path path) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        long count = Long.parseLong(line.substring(tab + 1));
        terms.add(line.substring(0, tab));
        counts.add(count);
        maxCount = Math.max(maxCount, count);
      }
    }
  }

  /** In how many documents a term stands, from 1. */
  int documentFrequency(int term) {
    double share = (double) counts.get(term) / maxCount;
    return (int) Math.max(1, Math.round(DOCUMENTS * Math.cbrt(share)));
  }

  /** The terms of each document, by their numbers. */
  List<int[]> documents() {
    int[] sizes = new int[DOCUMENTS];
    for (int term = 0; term < terms.size(); term++) {
      int first = first(term);
      for (int i = documentFrequency(term); i > 0; i--) sizes[(first + i) % DOCUMENTS]++;
    }
    List<int[]> documents = new ArrayList<>();
    for (int size : sizes) documents.add(new int[size]);
    for (int term = 0; term < terms.size(); term++) {
      int first = first(term);
      for (int i = documentFrequency(term); i > 0; i--) {
        int document = (first + i) % DOCUMENTS;
        documents.get(document)[--sizes[document]] = term;
      }
    }
    return documents;
  }

  /** The words of a document, joined by spaces. */
  String text(int[] document) {
    StringBuilder text = new StringBuilder();
    for (int term : document) text.append(terms.get(term)).append(' ');
    return text.toString();
  }

  /** Where a term's documents begin: terms of one document each are to be spread. */
  private static int first(int term) {
    return (int) (((term * 2654435761L) >>> 8) % DOCUMENTS);
  }
}
