// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Step.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the conversations of one file; docs/conformance.md says what its lines mean. */
final class ConversationReader {
    private static final Pattern TITLE = Pattern.compile("== ([a-z0-9-]+): (.+)");
    private static final Pattern PARTIES = Pattern.compile("([CS][1-9](?:\\|[CS][1-9])*|client|server)");
    private static final Pattern DEED =
            Pattern.compile("([CS][1-9]) (opens|connects|accepts|greets|encrypts|closes)(?: (\\{.*}))?");
    private static final Pattern SEND = Pattern.compile(PARTIES + ">(?:/([0-9]+))? (.*)");
    private static final Pattern EXPECT = Pattern.compile(PARTIES + "<([~+]?) (.*)");

    private final String topic;
    private final List<Conversation> read = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private Draft draft = new Draft("", "");

    private ConversationReader(String topic) {
        this.topic = topic;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException with the line, when it is malformed
     */
    static List<Conversation> read(String topic, List<String> lines) {
        ConversationReader reader = new ConversationReader(topic);
        for (int i = 0; i < lines.size(); i++) {
            try {
                reader.line(lines.get(i));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(topic + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        reader.finish();
        return reader.read;
    }

    private void line(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        Matcher title = TITLE.matcher(line);
        if (title.matches()) {
            finish();
            draft = new Draft(title.group(1), title.group(2));
        } else if (draft.name.isEmpty()) {
            throw new IllegalArgumentException("not a title, == name: what it shows");
        } else if (line.startsWith("source: ")) {
            draft.sources.add(line.substring("source: ".length()));
        } else if (line.startsWith("needs: ")) {
            draft.needs.line(line.substring("needs: ".length()));
        } else {
            draft.steps.add(new Step(line, action(line)));
        }
    }

    private void finish() {
        if (draft.name.isEmpty()) {
            return;
        }
        if (!names.add(draft.name)) {
            throw new IllegalArgumentException(topic + ": two conversations have the name " + draft.name);
        }
        if (draft.sources.isEmpty() || draft.steps.isEmpty()) {
            throw new IllegalArgumentException(topic + "/" + draft.name + " needs a source and at least one step");
        }
        read.add(new Conversation(
                topic,
                draft.name,
                draft.description,
                List.copyOf(draft.sources),
                draft.needs.needs(),
                joined(draft.steps)));
    }

    /** Lines with {@code <~} that follow each other and are of one party become one step. */
    private static List<Step> joined(List<Step> read) {
        List<Step> steps = new ArrayList<>();
        for (Step step : read) {
            @Nullable Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
            if (last != null
                    && step.action() instanceof Step.ExpectAll all
                    && last.action() instanceof Step.ExpectAll before
                    && before.party().equals(all.party())) {
                List<Expectation> frames = new ArrayList<>(before.frames());
                frames.addAll(all.frames());
                steps.set(steps.size() - 1, new Step(last.text(), new Step.ExpectAll(all.party(), frames)));
            } else {
                steps.add(step);
            }
        }
        return List.copyOf(steps);
    }

    private static Action action(String line) {
        Matcher deed = DEED.matcher(line);
        if (deed.matches()) {
            String overrides = deed.group(3) == null ? "{}" : deed.group(3);
            return switch (deed.group(2)) {
                case "connects", "greets" -> new Step.Handshake(deed.group(1), overrides);
                case "encrypts" -> new Step.Encrypt(deed.group(1));
                case "closes" -> new Step.Close(deed.group(1));
                default -> new Step.Open(deed.group(1));
            };
        }
        Matcher send = SEND.matcher(line);
        if (send.matches()) {
            return send(send.group(1), send.group(2) == null ? 0 : Integer.parseInt(send.group(2)), send.group(3));
        }
        Matcher expect = EXPECT.matcher(line);
        if (expect.matches()) {
            return expect(expect.group(1), expect.group(2), expect.group(3));
        }
        throw new IllegalArgumentException("not a line of a conversation: " + line);
    }

    private static Action send(String party, int pieceSize, String text) {
        if (party.equals("server")) {
            return new Step.TellServer(text);
        }
        Template template = Template.parse(Text.unescape(Text.ofUtf8(text)));
        if (template.captures()) {
            throw new IllegalArgumentException("what is sent cannot be captured: " + text);
        }
        return party.equals("client") ? new Step.TellClient(template) : new Step.Send(party, template, pieceSize);
    }

    private static Action expect(String parties, String manner, String text) {
        boolean client = parties.equals("client");
        if (!client && text.equals("nothing")) {
            return new Step.ExpectNothing(parties);
        }
        if (!client && text.equals("closed")) {
            return new Step.ExpectClosed(parties);
        }
        Expectation frame = Expectation.parse(Text.unescape(Text.ofUtf8(text)));
        if (client) {
            return new Step.HearClient(frame);
        }
        if (manner.equals("~")) {
            return new Step.ExpectAll(parties, List.of(frame));
        }
        List<String> one = List.of(parties.split("\\|"));
        if (manner.equals("+")) {
            return new Step.ExpectSome(one, frame);
        }
        return one.size() > 1 ? new Step.ExpectOne(one, frame) : new Step.Expect(parties, frame);
    }

    /** What has been read of a conversation. */
    private static final class Draft {
        final String name;
        final String description;
        final List<String> sources = new ArrayList<>();
        final Needs.Reader needs = new Needs.Reader();
        final List<Step> steps = new ArrayList<>();

        Draft(String name, String description) {
            this.name = name;
            this.description = description;
        }
    }
}
