/** Text as JSON. */
final class Json {
  private Json() {}

  static String text(CharSequence text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit == '"' || unit == '\\') out.append('\\').append(unit);
      else if (unit < 0x20) out.append(String.format("\\u%04x", (int) unit));
      else out.append(unit);
    }
    return out.append('"').toString();
  }
}
