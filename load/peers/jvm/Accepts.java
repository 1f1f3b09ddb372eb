import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Asks a parser of each text on stdin whether it takes it. */
final class Accepts {
  /** Reads a text. */
  interface Parser {
    void parse(String text) throws Exception;
  }

  private Accepts() {}

  static void answer(Parser parser) throws Exception {
    String all = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    for (String text : all.split("\0", -1)) {
      String refused = null;
      try {
        parser.parse(text);
      } catch (Exception | StackOverflowError error) {
        Throwable cause = error;
        while (cause.getCause() != null) cause = cause.getCause();
        refused = String.valueOf(cause.getMessage());
      }
      out.println("{\"refused\":" + (refused == null ? "null" : Json.text(refused)) + "}");
    }
    out.flush();
  }
}
