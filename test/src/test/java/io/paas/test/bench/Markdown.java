package io.paas.test.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/// A page of tables.
final class Markdown {

    private static final Path FOLDER = Path.of("target/bench");

    private final StringBuilder text = new StringBuilder();

    Markdown paragraph(String paragraph) {
        text.append(paragraph).append("\n\n");
        return this;
    }

    Markdown table(String... columns) {
        row((Object[]) columns);
        row(Collections.nCopies(columns.length, "---").toArray());
        return this;
    }

    Markdown row(Object... cells) {
        text.append('|');
        for (Object cell : cells) {
            text.append(' ').append(cell).append(" |");
        }
        text.append('\n');
        return this;
    }

    Markdown endOfTable() {
        text.append('\n');
        return this;
    }

    Markdown list(List<?> items) {
        items.forEach(item -> text.append("- ").append(item).append('\n'));
        text.append('\n');
        return this;
    }

    void write(String name) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
