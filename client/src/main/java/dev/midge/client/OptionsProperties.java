// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Reads options from properties and from the environment. */
final class OptionsProperties {
    private static final String PROPERTY = "midge.";
    private static final String VARIABLE = "MIDGE_";

    /** So many letters may be wrong in a name for it to be taken for another one, and at most one of so many. */
    private static final int TYPOS = 2;

    private static final int LETTERS_BY_TYPO = 3;

    private OptionsProperties() {}

    /** @throws IllegalArgumentException if a key is unknown, or a value is no text or not allowed */
    static void read(Map<?, ?> properties, OptionsBuilder options) {
        Map<String, String> values = new HashMap<>();
        List<String> known = OptionKeys.ALL.stream().map(OptionKey::name).toList();
        texts(properties).forEach((key, value) -> {
            String name =
                    key instanceof String text && text.startsWith(PROPERTY) ? text.substring(PROPERTY.length()) : "";
            if (name.isEmpty()) {
                return; // somebody else's
            }
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no property " + key + ": the nearest are " + nearest(name, known, PROPERTY::concat));
            }
            if (!(value instanceof String text)) {
                throw new IllegalArgumentException("property " + key + " is no text: must be a String");
            }
            values.put(name, text);
        });
        apply(values, new OptionsDraft(options, PROPERTY::concat));
    }

    /**
     * Other programs may have variables with the same prefix, so only what looks like a mistyped one is refused. One that
     * is empty counts as not set.
     *
     * @throws IllegalArgumentException if a name is nearly a known one, or a value is not allowed
     */
    static void readEnvironment(Map<String, String> environment, OptionsBuilder options) {
        Map<String, String> values = new HashMap<>();
        Map<String, String> known =
                OptionKeys.ALL.stream().collect(Collectors.toMap(OptionKey::variable, OptionKey::name));
        environment.forEach((variable, value) -> {
            if (!variable.startsWith(VARIABLE) || value.isBlank()) {
                return;
            }
            String suffix = variable.substring(VARIABLE.length());
            String name = known.get(suffix);
            if (name != null) {
                values.put(name, value);
            } else if (known.keySet().stream().anyMatch(other -> isTypo(suffix, other))) {
                throw new IllegalArgumentException("there is no variable " + variable + ": the nearest are "
                        + nearest(suffix, List.copyOf(known.keySet()), VARIABLE::concat));
            }
        });
        Map<String, String> variables =
                OptionKeys.ALL.stream().collect(Collectors.toMap(OptionKey::name, OptionKey::variable));
        apply(values, new OptionsDraft(options, name -> VARIABLE + variables.getOrDefault(name, name)));
    }

    private static void apply(Map<String, String> values, OptionsDraft draft) {
        for (OptionKey<?> key : OptionKeys.ALL) {
            String value = values.get(key.name());
            if (value != null) {
                key.apply(draft, value);
            }
        }
        draft.finish();
    }

    /** Those of a Properties include its defaults, which the map it is does not show. */
    private static Map<?, ?> texts(Map<?, ?> properties) {
        if (!(properties instanceof Properties withDefaults)) {
            return properties;
        }
        Map<Object, Object> all = new HashMap<>();
        for (String name : new TreeSet<>(withDefaults.stringPropertyNames())) {
            all.put(name, withDefaults.getProperty(name));
        }
        withDefaults.forEach(all::putIfAbsent); // what is no text is to be refused
        return all;
    }

    private static String nearest(String name, List<String> known, UnaryOperator<String> spelling) {
        String lower = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .sorted(Comparator.comparingInt((String other) -> distance(lower, other.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .map(spelling)
                .collect(Collectors.joining(", "));
    }

    private static boolean isTypo(String name, String known) {
        int typos = distance(name, known);
        return typos <= TYPOS && typos * LETTERS_BY_TYPO <= name.length();
    }

    /** How many letters must be changed, added or left out (Levenshtein). */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
