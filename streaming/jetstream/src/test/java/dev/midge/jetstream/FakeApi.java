// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.testkit.EmbeddedServer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What stands behind {@code $JS.API} or another prefix, as the test says: keeps what was asked, gives answers in their order. */
final class FakeApi implements AutoCloseable {
    private final EmbeddedServer server;
    private final Connection responder;
    private final Connection asker;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final Queue<String> answers = new ArrayDeque<>();

    FakeApi(String version, String prefix) {
        server = EmbeddedServer.builder().version(version).start();
        responder = Patience.connect(server.url());
        responder.subscribe(prefix + ".>", this::answer);
        responder.flush(Patience.LONG);
        asker = Patience.connect(server.url());
    }

    private void answer(Message message) {
        asked.add(message.subject() + (message.size() == 0 ? "" : " " + message.text()));
        String answer;
        synchronized (answers) {
            answer = answers.poll();
        }
        message.respond(answer == null ? "{\"type\":\"t\",\"success\":true}" : answer);
    }

    /** The next answers; without, it is success. */
    FakeApi answers(String... texts) {
        synchronized (answers) {
            answers.addAll(List.of(texts));
        }
        return this;
    }

    /** What was asked longest ago; it was asked before the answer came, so it is there when a call has returned. */
    String asked() {
        String first = asked.poll();
        return first == null ? "nothing" : first;
    }

    Connection connection() {
        return asker;
    }

    JetStream jetStream() {
        return Patience.jetStream(asker);
    }

    @Override
    public void close() {
        asker.close();
        responder.close();
        server.close();
    }
}
