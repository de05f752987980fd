// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to be sent or expected, with holes: {@code ${name}} stands for what was captured as such, {@code ${*}} for
 * anything within a line, {@code ${name=*}} and {@code ${name=[0-9]+}} capture, {@code ${repeat 100 ab}} is written out,
 * and a {@link Credential} is made.
 */
final class Template {
    private static final Pattern HOLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern REPEAT = Pattern.compile("repeat ([0-9]+) (.*)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final String WITHIN_LINE = "[^\\r\\n]*";

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * Reads a template; {@code text} has its escapes undone.
     *
     * @throws IllegalArgumentException when a hole is none of these
     */
    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher hole = HOLE.matcher(text);
        int from = 0;
        while (hole.find()) {
            parts.add(new Literal(text.substring(from, hole.start())));
            parts.add(part(hole.group(1)));
            from = hole.end();
        }
        parts.add(new Literal(text.substring(from)));
        return new Template(parts);
    }

    private static Part part(String hole) {
        Matcher repeat = REPEAT.matcher(hole);
        if (repeat.matches()) {
            return new Literal(repeat.group(2).repeat(Integer.parseInt(repeat.group(1))));
        }
        Credential credential = Credential.parse(hole);
        if (credential != null) {
            return new Made(credential);
        }
        if (hole.equals("*")) {
            return new Capture(null, WITHIN_LINE);
        }
        int equals = hole.indexOf('=');
        String name = equals < 0 ? hole : hole.substring(0, equals);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name: ${" + hole + "}");
        }
        if (equals < 0) {
            return new Variable(name);
        }
        String regex = hole.substring(equals + 1);
        return new Capture(name, regex.equals("*") ? WITHIN_LINE : regex);
    }

    /** Whether it has anything that only an expectation may have. */
    boolean captures() {
        return parts.stream().anyMatch(Capture.class::isInstance);
    }

    /** The bytes to send. */
    String render(Map<String, String> variables) {
        return literal(parts, variables);
    }

    /** Whether all of the bytes are as expected; captures are put into the variables then. */
    boolean matches(String seen, Map<String, String> variables) {
        int first = 0;
        while (first < parts.size() && !(parts.get(first) instanceof Capture)) {
            first++;
        }
        int end = parts.size();
        while (end > first && !(parts.get(end - 1) instanceof Capture)) {
            end--;
        }
        // What is literal at both ends is often long, and nothing for an expression.
        String head = literal(parts.subList(0, first), variables);
        String tail = literal(parts.subList(end, parts.size()), variables);
        if (first == end) {
            return seen.equals(head + tail);
        }
        return seen.length() >= head.length() + tail.length()
                && seen.startsWith(head)
                && seen.endsWith(tail)
                && matches(
                        parts.subList(first, end),
                        seen.substring(head.length(), seen.length() - tail.length()),
                        variables);
    }

    private static boolean matches(List<Part> parts, String seen, Map<String, String> variables) {
        StringBuilder regex = new StringBuilder();
        List<@Nullable String> groups = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Capture capture) {
                regex.append('(').append(capture.regex).append(')');
                groups.add(capture.name);
            } else {
                regex.append(Pattern.quote(literal(List.of(part), variables)));
            }
        }
        Matcher matcher = Pattern.compile(regex.toString()).matcher(seen);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 0; i < groups.size(); i++) {
            String name = groups.get(i);
            if (name != null) {
                variables.put(name, matcher.group(i + 1));
            }
        }
        return true;
    }

    private static String literal(List<Part> parts, Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(part instanceof Fixed fixed ? fixed.text(variables) : "");
        }
        return text.toString();
    }

    /** What was captured as such. */
    static String valueOf(String name, Map<String, String> variables) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing was captured as ${" + name + "}");
        }
        return value;
    }

    private sealed interface Part {}

    /** What does not depend on what is seen. */
    private sealed interface Fixed extends Part {
        String text(Map<String, String> variables);
    }

    private record Literal(String text) implements Fixed {
        @Override
        public String text(Map<String, String> variables) {
            return text;
        }
    }

    private record Variable(String name) implements Fixed {
        @Override
        public String text(Map<String, String> variables) {
            return valueOf(name, variables);
        }
    }

    private record Made(Credential credential) implements Fixed {
        @Override
        public String text(Map<String, String> variables) {
            return credential.render(variables);
        }
    }

    private record Capture(@Nullable String name, String regex) implements Part {}
}
