import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What answer-lines.ts and plain-words.ts say, for the peers that run in a JVM. */
final class Lines {
  private static final Pattern PLAIN =
      Pattern.compile("^[\\p{L}\\p{M}]+(?:['\u2019][\\p{L}\\p{M}]+)*['\u2019]?$");

  /** Corrects a query, or a run of its words. */
  interface Answer {
    String of(String query) throws Exception;
  }

  /** Corrects words that stand side by side. */
  interface Run {
    String of(List<String> words) throws Exception;
  }

  private Lines() {}

  /** Answers every line of stdin in order until it ends, and times each answer. */
  static void answer(String version, Answer answer) throws Exception {
    // Libraries may print to System.out.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    out.println("ready\t{\"version\":\"" + version + "\"}");
    out.flush();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String query = in.readLine(); query != null; query = in.readLine()) {
      long started = System.nanoTime();
      String output = answer.of(query);
      long tookNs = System.nanoTime() - started;
      out.println(output.replace('\t', ' ').replace('\n', ' ') + "\t" + tookNs / 1000.0);
      out.flush();
    }
  }

  /** The query with each unbroken run of plain words put through {@code correct}, lower-cased, and all else as it was. */
  static String correctRuns(String query, Run correct) throws Exception {
    List<String> out = new ArrayList<>();
    List<String> run = new ArrayList<>();
    for (String piece : query.trim().split("\\s+")) {
      if (PLAIN.matcher(piece).matches()) {
        run.add(piece.toLowerCase());
        continue;
      }
      if (!run.isEmpty()) out.add(correct.of(run));
      run = new ArrayList<>();
      out.add(piece);
    }
    if (!run.isEmpty()) out.add(correct.of(run));
    return String.join(" ", out);
  }
}
