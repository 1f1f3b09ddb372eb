import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import querqy.model.BooleanQuery;
import querqy.model.BoostQuery;
import querqy.model.BoostedTerm;
import querqy.model.Clause;
import querqy.model.DisjunctionMaxQuery;
import querqy.model.ExpandedQuery;
import querqy.model.Node;
import querqy.model.StringRawQuery;
import querqy.model.Term;
import querqy.parser.WhiteSpaceQuerqyParser;
import querqy.rewrite.RewriteChain;
import querqy.rewrite.RewriterFactory;
import querqy.rewrite.commonrules.SimpleCommonRulesRewriterFactory;
import querqy.rewrite.commonrules.WhiteSpaceQuerqyParserFactory;
import querqy.rewrite.commonrules.model.BoostInstruction.BoostMethod;
import querqy.rewrite.commonrules.model.DecorateInstruction;
import querqy.rewrite.commonrules.select.SelectionStrategyFactory;
import querqy.rewrite.contrib.ReplaceRewriterFactory;
import querqy.rewrite.experimental.LocalSearchEngineRequestAdapter;
import querqy.rewrite.lookup.preprocessing.LookupPreprocessorType;

/** Queries on stdin through a rewriter of querqy-core, terms cut at white space; a line of JSON for each, with the query as it became. */
final class QuerqyExpansions {
  private QuerqyExpansions() {}

  /** Arguments: querqy or querqy-replace, whether inputs may be boolean, or what stands between inputs; the file. */
  public static void main(String[] args) throws Exception {
    InputStreamReader rules = new InputStreamReader(new FileInputStream(args[2]), StandardCharsets.UTF_8);
    RewriterFactory factory =
        args[0].equals("querqy-replace")
            ? new ReplaceRewriterFactory("replace", rules, true, args[1], new WhiteSpaceQuerqyParser())
            : new SimpleCommonRulesRewriterFactory(
                "common", rules, Boolean.parseBoolean(args[1]), BoostMethod.ADDITIVE, new WhiteSpaceQuerqyParserFactory(),
                Collections.emptyMap(), (id, adapter) -> SelectionStrategyFactory.DEFAULT_SELECTION_STRATEGY, false,
                LookupPreprocessorType.LOWERCASE);
    RewriteChain chain = new RewriteChain(Collections.singletonList(factory));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String query = in.readLine(); query != null; query = in.readLine()) out.println(answer(chain, query));
    out.flush();
  }

  private static String answer(RewriteChain chain, String query) {
    LocalSearchEngineRequestAdapter request = new LocalSearchEngineRequestAdapter(chain, Collections.emptyMap());
    ExpandedQuery expanded =
        chain.rewrite(new ExpandedQuery(WhiteSpaceQuerqyParser.parseString(query)), request).getExpandedQuery();
    Map<String, Object> context = request.getContext();
    return "{\"query\":" + Json.text(query)
        + ",\"search\":" + node((Node) expanded.getUserQuery())
        + ",\"filters\":" + list(expanded.getFilterQueries())
        + ",\"up\":" + boosts(expanded.getBoostUpQueries())
        + ",\"down\":" + boosts(expanded.getBoostDownQueries())
        + ",\"decorations\":" + texts(context.get(DecorateInstruction.DECORATION_CONTEXT_KEY))
        + ",\"named\":" + named(context.get(DecorateInstruction.DECORATION_CONTEXT_MAP_KEY)) + "}";
  }

  private static String node(Node node) {
    if (node instanceof Term) {
      Term term = (Term) node;
      String boost = term instanceof BoostedTerm ? ",\"weight\":" + ((BoostedTerm) term).getBoost() : "";
      String field = term.getField() == null ? "" : ",\"field\":" + Json.text(term.getField());
      return "{\"term\":" + Json.text(term.getValue()) + ",\"typed\":" + !term.isGenerated() + boost + field + "}";
    }
    if (node instanceof StringRawQuery) return "{\"raw\":" + Json.text(((StringRawQuery) node).getQueryString()) + "}";
    if (node instanceof DisjunctionMaxQuery) {
      return "{\"any\":" + list(((DisjunctionMaxQuery) node).getClauses()) + occur((Clause<?>) node) + "}";
    }
    if (node instanceof BooleanQuery) {
      return "{\"all\":" + list(((BooleanQuery) node).getClauses()) + occur((Clause<?>) node) + "}";
    }
    return "{\"other\":" + Json.text(String.valueOf(node)) + "}";
  }

  private static String occur(Clause<?> clause) {
    return clause.getOccur() == Clause.Occur.SHOULD ? "" : ",\"occur\":\"" + clause.getOccur().name() + "\"";
  }

  private static String list(Collection<?> nodes) {
    List<String> parts = new ArrayList<>();
    if (nodes != null) for (Object each : nodes) parts.add(node((Node) each));
    return "[" + String.join(",", parts) + "]";
  }

  private static String boosts(Collection<BoostQuery> boosts) {
    List<String> parts = new ArrayList<>();
    if (boosts != null) {
      for (BoostQuery boost : boosts) {
        parts.add("{\"factor\":" + boost.getBoost() + ",\"of\":" + node((Node) boost.getQuery()) + "}");
      }
    }
    return "[" + String.join(",", parts) + "]";
  }

  private static String texts(Object values) {
    List<String> parts = new ArrayList<>();
    if (values instanceof Collection) for (Object value : (Collection<?>) values) parts.add(Json.text(String.valueOf(value)));
    return "[" + String.join(",", parts) + "]";
  }

  private static String named(Object values) {
    List<String> parts = new ArrayList<>();
    if (values instanceof Map) {
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) values).entrySet()) {
        parts.add(Json.text(String.valueOf(entry.getKey())) + ":" + texts(entry.getValue()));
      }
    }
    return "{" + String.join(",", parts) + "}";
  }
}
