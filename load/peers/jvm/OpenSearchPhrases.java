import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.Version;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.client.Client;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.search.suggest.Suggest;
import org.opensearch.search.suggest.SuggestBuilder;
import org.opensearch.search.suggest.phrase.DirectCandidateGeneratorBuilder;
import org.opensearch.search.suggest.phrase.PhraseSuggestionBuilder;
import org.opensearch.search.suggest.phrase.StupidBackoff;

/**
 * OpenSearch's phrase suggester, which is Elasticsearch's, in a node of this process.
 *
 * <pre>
 *   java OpenSearchPhrases build counted WORDS PAIRS FOLDER
 *   java OpenSearchPhrases build documents DOCUMENTS - FOLDER
 *   java OpenSearchPhrases answer FOLDER missing|popular|always CONFIDENCE MAX-ERRORS REAL-WORD-LIKELIHOOD MAX-EDITS MIN-PREFIX MIN-LENGTH CANDIDATES ACCURACY
 * </pre>
 *
 * The field {@code words} holds words, from which candidates come, the field {@code grams} words and pairs, by which they are
 * scored. Counted words and pairs go in with their counts as term frequencies.
 */
public final class OpenSearchPhrases {
  private static final String INDEX = "peers";

  /** Counts are of 10^12 words; a document's must stay below 2^31 in all. */
  private static final long COUNT_DIVISOR = 100;

  public static void main(String[] args) throws Exception {
    if (args[0].equals("build")) build(args);
    else answer(args);
    // Its threads would keep the process.
    System.exit(0);
  }

  private static OpenSearchRunner open(Path folder) {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (number, settings) -> {
          settings.put("network.host", "127.0.0.1");
          settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        });
    runner.build(
        OpenSearchRunner.newConfigs().numOfNode(1).basePath(folder.toString()).clusterName("peers").disableESLogger());
    return runner;
  }

  private static void build(String[] args) throws Exception {
    boolean isCounted = args[1].equals("counted");
    try (OpenSearchRunner runner = open(Path.of(args[4]).toAbsolutePath())) {
      Client client = runner.client();
      client
          .admin()
          .indices()
          .prepareCreate(INDEX)
          .setSettings(SETTINGS, XContentType.JSON)
          .setMapping(isCounted ? COUNTED : DOCUMENTS)
          .get();
      if (isCounted) addCounted(client, new Vocabulary(Path.of(args[2])), Path.of(args[3]));
      else addDocuments(client, Path.of(args[2]));
      client.admin().indices().prepareForceMerge(INDEX).setMaxNumSegments(1).setFlush(true).get();
    }
  }

  private static void addCounted(Client client, Vocabulary words, Path pairs) throws Exception {
    List<StringBuilder> grams = new ArrayList<>();
    for (int i = 0; i < Vocabulary.DOCUMENTS; i++) grams.add(new StringBuilder());
    try (BufferedReader lines = Files.newBufferedReader(pairs, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        long count = Math.max(1, Long.parseLong(line.substring(tab + 1)) / COUNT_DIVISOR);
        grams.get(number++ % Vocabulary.DOCUMENTS).append(line, 0, tab).append('|').append(count).append('\n');
      }
    }
    int number = 0;
    BulkRequestBuilder bulk = client.prepareBulk();
    for (int[] document : words.documents()) {
      StringBuilder text = new StringBuilder();
      for (int term : document) {
        long count = words.counts.get(term) / COUNT_DIVISOR / words.documentFrequency(term);
        text.append(words.terms.get(term)).append('|').append(Math.max(1, count)).append('\n');
      }
      bulk.add(client.prepareIndex(INDEX).setSource(Map.of("words", text.toString(), "grams", text.append(grams.get(number++)).toString())));
      if (bulk.numberOfActions() == 50) bulk = send(client, bulk);
    }
    send(client, bulk);
  }

  private static void addDocuments(Client client, Path file) throws Exception {
    BulkRequestBuilder bulk = client.prepareBulk();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = line.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}']+", " ");
        bulk.add(client.prepareIndex(INDEX).setSource(Map.of("words", text, "grams", text)));
        if (bulk.numberOfActions() == 2000) bulk = send(client, bulk);
      }
    }
    send(client, bulk);
  }

  private static BulkRequestBuilder send(Client client, BulkRequestBuilder bulk) {
    if (bulk.numberOfActions() > 0) {
      var response = bulk.get();
      if (response.hasFailures()) throw new IllegalStateException(response.buildFailureMessage());
    }
    return client.prepareBulk();
  }

  private static void answer(String[] args) throws Exception {
    DirectCandidateGeneratorBuilder candidates =
        new DirectCandidateGeneratorBuilder("words")
            .suggestMode(args[2])
            .maxEdits(Integer.parseInt(args[6]))
            .prefixLength(Integer.parseInt(args[7]))
            .minWordLength(Integer.parseInt(args[8]))
            .size(Integer.parseInt(args[9]))
            .accuracy(Float.parseFloat(args[10]));
    try (OpenSearchRunner runner = open(Path.of(args[1]).toAbsolutePath())) {
      runner.ensureYellow(INDEX);
      Client client = runner.client();
      Lines.answer(
          "OpenSearch " + Version.CURRENT,
          query ->
              Lines.correctRuns(
                  query,
                  words -> {
                    String text = String.join(" ", words);
                    PhraseSuggestionBuilder phrase =
                        new PhraseSuggestionBuilder("grams")
                            .text(text)
                            .gramSize(2)
                            .size(1)
                            .confidence(Float.parseFloat(args[3]))
                            .maxErrors(Float.parseFloat(args[4]))
                            .realWordErrorLikelihood(Float.parseFloat(args[5]))
                            .smoothingModel(new StupidBackoff(StupidBackoff.DEFAULT_BACKOFF_DISCOUNT))
                            .addCandidateGenerator(candidates);
                    Suggest found =
                        client
                            .prepareSearch(INDEX)
                            .setSize(0)
                            .suggest(new SuggestBuilder().addSuggestion("phrase", phrase))
                            .get()
                            .getSuggest();
                    for (var entry : found.getSuggestion("phrase").getEntries()) {
                      for (var option : entry.getOptions()) return option.getText().string();
                    }
                    return text;
                  }));
    }
  }

  private static final String SETTINGS =
      """
      {"index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
       "analysis": {
         "tokenizer": {"lines": {"type": "pattern", "pattern": "\\n"}},
         "filter": {"pairs": {"type": "shingle", "min_shingle_size": 2, "max_shingle_size": 2, "output_unigrams": true}},
         "analyzer": {
           "counted": {"type": "custom", "tokenizer": "lines", "filter": ["delimited_term_freq"]},
           "shingled": {"type": "custom", "tokenizer": "whitespace", "filter": ["pairs"]}}}}
      """;

  private static final String COUNTED =
      """
      {"_source": {"enabled": false},
       "properties": {
         "words": {"type": "text", "norms": false, "index_options": "freqs", "analyzer": "counted", "search_analyzer": "whitespace"},
         "grams": {"type": "text", "norms": false, "index_options": "freqs", "analyzer": "counted", "search_analyzer": "whitespace"}}}
      """;

  private static final String DOCUMENTS =
      """
      {"_source": {"enabled": false},
       "properties": {
         "words": {"type": "text", "norms": false, "index_options": "freqs", "analyzer": "whitespace"},
         "grams": {"type": "text", "norms": false, "index_options": "freqs", "analyzer": "shingled", "search_analyzer": "whitespace"}}}
      """;
}
