// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.avaje.json.JsonException;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonReader.Token;
import io.avaje.json.stream.BufferRecycleStrategy;
import io.avaje.json.stream.JsonStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the file of a context: a JSON object. A field that is null or an empty text counts as absent, as the CLI
 * writes all it knows. Fields may hold secrets: no exception shows a value.
 */
final class ContextFile {
    /** No context is near this, in bytes. */
    private static final long MAX_FILE = 1 << 20;

    private static final JsonStream STREAM = JsonStream.builder()
            .bufferRecycling(BufferRecycleStrategy.NO_RECYCLING)
            .build();
    private static final Pattern POSITION = Pattern.compile("position: (\\d{1,9})");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

    private final Path file;
    private final UnaryOperator<@Nullable String> environment;
    private final Map<String, Object> fields;

    private ContextFile(Path file, UnaryOperator<@Nullable String> environment, Map<String, Object> fields) {
        this.file = file;
        this.environment = environment;
        this.fields = fields;
    }

    /**
     * Reads a file; blocks.
     *
     * @throws IllegalArgumentException if it cannot be read, or is no JSON object
     */
    static ContextFile read(Path file, UnaryOperator<@Nullable String> environment) {
        byte[] content = content(file);
        JsonReader reader = STREAM.reader(content);
        try {
            Map<String, Object> fields = new HashMap<>();
            reader.beginObject();
            while (reader.hasNextField()) {
                String name = reader.nextField();
                Object value = value(reader);
                if (!value.equals("")) {
                    fields.put(name, value);
                }
            }
            reader.endObject();
            if (reader.hasNextStreamElement()) {
                throw malformed(file, content, reader.location());
            }
            return new ContextFile(file, environment, fields);
        } catch (JsonException | IndexOutOfBoundsException e) { // the latter if the text ends within an escape
            throw malformed(file, content, reader.location()); // no cause: its text may quote a secret
        } finally {
            reader.close();
        }
    }

    private static Object value(JsonReader reader) {
        Token token = reader.currentToken();
        if (token == Token.STRING) {
            return reader.readString();
        }
        if (token == Token.BOOLEAN) {
            return reader.readBoolean();
        }
        if (token == Token.NUMBER) {
            return reader.readDecimal(); // not skipped: what begins like nothing else is taken for a number
        }
        reader.skipValue();
        return token == Token.NULL ? "" : token;
    }

    private static byte[] content(Path file) {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new IOException("it is of more than " + MAX_FILE + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read context file " + file + ": " + reason(e), e);
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException ? "access is denied" : String.valueOf(e.getMessage());
    }

    private static IllegalArgumentException malformed(Path file, byte[] content, @Nullable String location) {
        Matcher position = POSITION.matcher(String.valueOf(location));
        int offset = position.find() ? Math.min(Integer.parseInt(position.group(1)), content.length) : content.length;
        String before = new String(content, 0, offset, UTF_8);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n') - 1;
        return new IllegalArgumentException("context file " + file + " is malformed at line " + line + ", column "
                + Math.max(column, 1) + ": must be one JSON object");
    }

    Path file() {
        return file;
    }

    /** A text, null if absent. */
    @Nullable
    String text(String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refused(name, "must be a text");
    }

    /** A text that names a secret itself, and not where it is to be found. */
    char @Nullable [] secret(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        checkNoReference(name, text);
        return text.toCharArray();
    }

    /** A path: a leading {@code ~} is the home folder, {@code $NAME} and <code>${NAME}</code> environment variables. */
    @Nullable
    Path path(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        checkNoReference(name, text);
        String path = text.startsWith("file://") ? text.substring("file://".length()) : text;
        String expanded =
                VARIABLE.matcher(path).replaceAll(variable -> Matcher.quoteReplacement(value(name, variable)));
        try {
            return ValueType.path(expanded);
        } catch (IllegalArgumentException e) {
            throw refused(name, "must be the path of a file");
        }
    }

    private String value(String name, MatchResult variable) {
        String called = variable.group(1) != null ? variable.group(1) : variable.group(2);
        String value = environment.apply(called);
        if (value == null) {
            throw refused(name, "names the environment variable " + called + ", which is not set");
        }
        return value;
    }

    /** The CLI looks up some secrets elsewhere. */
    private void checkNoReference(String name, String text) {
        for (String scheme : new String[] {"op:", "nsc:", "env:", "data:"}) {
            if (text.startsWith(scheme)) {
                throw refused(
                        name,
                        "refers to " + scheme + ", which Midge cannot look up: must be "
                                + "the value itself, or a file");
            }
        }
    }

    boolean flag(String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw refused(name, "must be true or false");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** @param rule must show no value */
    IllegalArgumentException refused(String name, String rule) {
        return new IllegalArgumentException("context file " + file + ": field " + name + " " + rule);
    }

    @Override
    public String toString() {
        return "context file " + file;
    }
}
