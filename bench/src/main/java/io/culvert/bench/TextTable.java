package io.culvert.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns that are as wide as they must be. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final String alignment;

  /**
   * A table.
   *
   * @param alignment a letter for each column, {@code l} or {@code r}
   */
  TextTable(String alignment) {
    this.alignment = alignment;
  }

  TextTable row(String... cells) {
    if (cells.length > alignment.length()) {
      throw new IllegalArgumentException("table row: cells=" + cells.length);
    }
    rows.add(List.of(cells));
    return this;
  }

  @Override
  public String toString() {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      // A row with fewer cells is a heading: it may run over the columns.
      for (int column = 0; row.size() > 1 && column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        String pad = " ".repeat(Math.max(0, widths[column] - cell.length()));
        line.append(column == 0 ? "" : "  ");
        line.append(alignment.charAt(column) == 'l' ? cell + pad : pad + cell);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
