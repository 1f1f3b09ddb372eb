import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import querqy.parser.WhiteSpaceQuerqyParser;
import querqy.rewrite.commonrules.SimpleCommonRulesRewriterFactory;
import querqy.rewrite.commonrules.WhiteSpaceQuerqyParserFactory;
import querqy.rewrite.commonrules.model.BoostInstruction.BoostMethod;
import querqy.rewrite.commonrules.select.SelectionStrategyFactory;
import querqy.rewrite.contrib.ReplaceRewriterFactory;
import querqy.rewrite.lookup.preprocessing.LookupPreprocessorType;

/** Whether querqy-core takes rules: texts on stdin, a zero byte between two, a line of JSON for each. */
final class QuerqyAccepts {
  private QuerqyAccepts() {}

  /** Arguments: querqy or querqy-replace, whether inputs may be boolean. */
  public static void main(String[] args) throws Exception {
    boolean operators = Boolean.parseBoolean(args[1]);
    Accepts.answer(
        text -> {
          if (args[0].equals("querqy-replace")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            InputStreamReader rules = new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8);
            new ReplaceRewriterFactory("replace", rules, true, "\t", new WhiteSpaceQuerqyParser());
          } else {
            new SimpleCommonRulesRewriterFactory(
                "common", new StringReader(text), operators, BoostMethod.ADDITIVE, new WhiteSpaceQuerqyParserFactory(),
                Collections.emptyMap(), (id, adapter) -> SelectionStrategyFactory.DEFAULT_SELECTION_STRATEGY, false,
                LookupPreprocessorType.LOWERCASE);
          }
        });
  }
}
