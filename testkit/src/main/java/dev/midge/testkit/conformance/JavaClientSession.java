// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.ClientUnderTest.ConnectWish;
import dev.midge.testkit.conformance.ClientUnderTest.Listener;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes calls of commands, and lines of what the client tells. */
final class JavaClientSession extends ClientSession implements Listener {
    private static final int PATIENCE_SECONDS = 10;

    private final ClientUnderTest client;
    private final String url;
    private final ExecutorService commands = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "conformance-client");
        thread.setDaemon(true);
        return thread;
    });

    JavaClientSession(ClientUnderTest client, String url) {
        this.client = client;
        this.url = url;
    }

    @Override
    void tell(String command) {
        commands.execute(() -> {
            try {
                said(call(command) ? OK : UNSUPPORTED);
            } catch (Exception e) {
                said("failed " + e);
            }
        });
    }

    private boolean call(String command) throws Exception {
        String[] words = command.split(" ", -1);
        switch (words[0]) {
            case "connect" -> client.connect(url, wish(words), this);
            case "subscribe" -> client.subscribe(words[1], words[2], words.length > 3 ? words[3] : null);
            case "unsubscribe" -> client.unsubscribe(words[1], words.length > 2 ? Integer.parseInt(words[2]) : 0);
            case "publish" -> {
                String[] parts = command.split(" ", 4);
                client.publish(parts[1], orNull(parts[2]), Map.of(), Text.bytes(parts[3]));
            }
            case "hpublish" -> {
                String[] parts = command.split(" ", 6);
                client.publish(parts[1], orNull(parts[2]), Map.of(parts[3], parts[4]), Text.bytes(parts[5]));
            }
            case "flush" -> client.flush();
            case "close" -> client.close();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static ConnectWish wish(String[] words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        return new ConnectWish(
                values.get("name"),
                values.get("user"),
                values.get("pass"),
                values.get("token"),
                !"false".equals(values.get("echo")),
                "true".equals(values.get("verbose")),
                "true".equals(values.get("pedantic")));
    }

    private static @Nullable String orNull(String word) {
        return word.equals("-") ? null : word;
    }

    @Override
    public void message(
            String tag,
            String subject,
            @Nullable String reply,
            int status,
            @Nullable Map<String, String> headers,
            byte[] data) {
        String beginning = tag + " " + subject + " " + (reply == null ? "-" : reply) + " ";
        String payload = Text.of(data, 0, data.length);
        if (headers == null) {
            said("message " + beginning + payload);
        } else {
            String all = headers.entrySet().stream()
                    .map(header -> header.getKey() + "=" + header.getValue())
                    .collect(Collectors.joining(","));
            said("hmessage " + beginning + (status == 0 ? "-" : status) + " " + (all.isEmpty() ? "-" : all) + " "
                    + payload);
        }
    }

    @Override
    public void error(String text) {
        said("error " + text);
    }

    @Override
    public void closed() {
        said("closed");
    }

    @Override
    public void close() {
        tell("close");
        commands.shutdown();
        try {
            if (!commands.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                commands.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
