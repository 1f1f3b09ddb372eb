import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.embedded.EmbeddedSolrServer;
import org.apache.solr.client.solrj.response.SpellCheckResponse;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.core.CoreContainer;
import org.apache.solr.core.NodeConfig;

/**
 * Solr's SpellCheckComponent with DirectSolrSpellChecker and WordBreakSolrSpellChecker, whose collations are tried against the
 * index, in an embedded server.
 *
 * <pre>
 *   java SolrCollations build WORDS|- DOCUMENTS PAIRS|- HOME
 *   java SolrCollations answer HOME ACCURACY MAX-EDITS MIN-PREFIX MIN-LENGTH score|freq none|split|both TRIES MUST-MATCH ALTERNATIVES MAX-RESULTS
 * </pre>
 *
 * The field {@code words} holds the word list, or the documents' words where there is none, the field {@code text} what collations
 * are tried against: documents, and pairs of words as documents of two. TRIES: maxCollationTries.
 * MUST-MATCH: mm of query and collation. ALTERNATIVES: alternativeTermCount, 0 to leave known words alone. MAX-RESULTS:
 * maxResultsForSuggest.
 */
public final class SolrCollations {
  private static final String CORE = "peers";

  public static void main(String[] args) throws Exception {
    if (args[0].equals("build")) build(args);
    else answer(args);
    // Its threads would keep the process.
    System.exit(0);
  }

  private static void build(String[] args) throws Exception {
    Path home = Path.of(args[4]).toAbsolutePath();
    configure(home, "0.5", "2", "1", "4", "score", "none");
    try (EmbeddedSolrServer server = open(home)) {
      boolean hasWords = !args[1].equals("-");
      if (hasWords) {
        Vocabulary words = new Vocabulary(Path.of(args[1]));
        for (int[] document : words.documents()) server.add(document(words.text(document), "words"));
      }
      String[] fields = hasWords ? new String[] {"text"} : new String[] {"text", "words"};
      addLines(server, Path.of(args[2]), false, fields);
      if (!args[3].equals("-")) addLines(server, Path.of(args[3]), true, "text");
      server.commit();
      server.optimize();
    }
  }

  private static void addLines(EmbeddedSolrServer server, Path path, boolean isCounted, String... fields)
      throws Exception {
    List<SolrInputDocument> batch = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = isCounted ? line.substring(0, line.indexOf('\t')) : line;
        batch.add(document(text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}']+", " "), fields));
        if (batch.size() < 2000) continue;
        server.add(batch);
        batch.clear();
      }
    }
    if (!batch.isEmpty()) server.add(batch);
  }

  private static SolrInputDocument document(String text, String... fields) {
    SolrInputDocument document = new SolrInputDocument();
    for (String field : fields) document.addField(field, text);
    return document;
  }

  private static void answer(String[] args) throws Exception {
    Path home = Path.of(args[1]).toAbsolutePath();
    configure(home, args[2], args[3], args[4], args[5], args[6], args[7]);
    SolrQuery request = new SolrQuery();
    request.setRequestHandler("/select");
    request.set("rows", 0);
    request.set("df", "text");
    request.set("defType", "edismax");
    request.set("qf", "text");
    request.set("mm", args[9]);
    request.set("spellcheck", true);
    request.add("spellcheck.dictionary", "direct");
    if (!args[7].equals("none")) request.add("spellcheck.dictionary", "wordbreak");
    request.set("spellcheck.count", 10);
    request.set("spellcheck.collate", true);
    request.set("spellcheck.maxCollations", 1);
    request.set("spellcheck.maxCollationTries", args[8]);
    // As Solr's own examples have it: five hits are as good as more.
    request.set("spellcheck.collateMaxCollectDocs", 5);
    if (!args[10].equals("0")) {
      request.set("spellcheck.alternativeTermCount", args[10]);
      request.set("spellcheck.maxResultsForSuggest", args[11]);
    }
    try (EmbeddedSolrServer server = open(home)) {
      Lines.answer(
          "Solr " + SolrCollations.version(),
          query -> {
            // Words would be operators, signs syntax.
            String text = query.toLowerCase(Locale.ROOT);
            request.set("q", text.replaceAll("[^\\p{L}\\p{N}']+", " "));
            request.set("spellcheck.q", text);
            SpellCheckResponse found = server.query(request).getSpellCheckResponse();
            String collation = found == null ? null : found.getCollatedResult();
            return collation == null ? query : collation;
          });
    }
  }

  private static String version() {
    return org.apache.solr.client.api.util.SolrVersion.LATEST_STRING;
  }

  private static EmbeddedSolrServer open(Path home) {
    CoreContainer container = new CoreContainer(new NodeConfig.NodeConfigBuilder("peers", home).build());
    container.load();
    return new EmbeddedSolrServer(container, CORE);
  }

  private static void configure(Path home, String accuracy, String maxEdits, String minPrefix, String minLength, String order, String breaks)
      throws Exception {
    Path conf = home.resolve(CORE).resolve("conf");
    Files.createDirectories(conf);
    Files.writeString(home.resolve("solr.xml"), "<solr/>");
    Files.writeString(home.resolve(CORE).resolve("core.properties"), "name=" + CORE + "\n");
    Files.writeString(conf.resolve("schema.xml"), SCHEMA);
    Files.writeString(conf.resolve("solrconfig.xml"), String.format(CONFIG, accuracy, maxEdits, minPrefix, minLength, order, breaks.equals("both")));
  }

  /** The words that are checked are those of letters, as for the other peers; the rest of a query stays as it is. */
  private static final String SCHEMA =
      """
      <schema name="peers" version="1.6">
        <fieldType name="words" class="solr.TextField" omitNorms="true" omitTermFreqAndPositions="true">
          <analyzer type="index"><tokenizer class="solr.WhitespaceTokenizerFactory"/></analyzer>
          <analyzer type="query">
            <tokenizer class="solr.PatternTokenizerFactory" group="0"
              pattern="(?&lt;!\\S)[\\p{L}\\p{M}]+(?:['\u2019][\\p{L}\\p{M}]+)*['\u2019]?(?!\\S)"/>
          </analyzer>
        </fieldType>
        <fieldType name="text" class="solr.TextField" omitNorms="true" omitTermFreqAndPositions="true">
          <analyzer><tokenizer class="solr.WhitespaceTokenizerFactory"/></analyzer>
        </fieldType>
        <field name="words" type="words" indexed="true" stored="false"/>
        <field name="text" type="text" indexed="true" stored="false"/>
      </schema>
      """;

  /** Without caches, so that no query is answered from what an earlier one left. */
  private static final String CONFIG =
      """
      <config>
        <luceneMatchVersion>9.11</luceneMatchVersion>
        <schemaFactory class="ClassicIndexSchemaFactory"/>
        <directoryFactory class="solr.MMapDirectoryFactory"/>
        <updateHandler class="solr.DirectUpdateHandler2"/>
        <indexConfig><ramBufferSizeMB>128</ramBufferSizeMB></indexConfig>
        <searchComponent name="spellcheck" class="solr.SpellCheckComponent">
          <str name="queryAnalyzerFieldType">words</str>
          <lst name="spellchecker">
            <str name="name">direct</str>
            <str name="classname">solr.DirectSolrSpellChecker</str>
            <str name="field">words</str>
            <float name="accuracy">%s</float>
            <int name="maxEdits">%s</int>
            <int name="minPrefix">%s</int>
            <int name="maxInspections">20</int>
            <int name="minQueryLength">%s</int>
            <str name="comparatorClass">%s</str>
            <float name="maxQueryFrequency">0.01</float>
          </lst>
          <lst name="spellchecker">
            <str name="name">wordbreak</str>
            <str name="classname">solr.WordBreakSolrSpellChecker</str>
            <str name="field">words</str>
            <str name="combineWords">%s</str>
            <str name="breakWords">true</str>
            <int name="maxChanges">10</int>
            <int name="minBreakLength">3</int>
          </lst>
        </searchComponent>
        <requestHandler name="/select" class="solr.SearchHandler">
          <arr name="last-components"><str>spellcheck</str></arr>
        </requestHandler>
        <requestHandler name="/update" class="solr.UpdateRequestHandler"/>
      </config>
      """;
}
