// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.EndReason;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.client.auth.Auth;
import dev.midge.protocol.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program for {@code bench/midge conformance --client}, as one is written for any client: commands come on the standard
 * input, answers and events go to the standard output, the URL is the argument. This one tests Midge.
 */
public final class ConformanceClient {
    private final String url;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private @Nullable Connection connection;

    private ConformanceClient(String url) {
        this.url = url;
    }

    /** The entry point. */
    public static void main(String[] args) throws IOException {
        ConformanceClient client = new ConformanceClient(args[0]);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                say(client.obey(unescaped(line)) ? "ok" : "unsupported");
            } catch (RuntimeException e) {
                say("failed " + e);
            }
        }
    }

    private boolean obey(String command) {
        List<String> words = Arrays.asList(command.split(" ", -1));
        switch (words.get(0)) {
            case "connect" -> connect(words);
            case "subscribe" -> subscribe(words);
            case "unsubscribe" -> unsubscribe(words);
            case "publish" -> publish(command.split(" ", 4), 3);
            case "hpublish" -> publish(command.split(" ", 6), 5);
            case "flush" -> connected(connection).flush(Duration.ofSeconds(20));
            case "close" -> close();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void connect(List<String> words) {
        OptionsBuilder options = Options.builder()
                .servers(url)
                .connectTimeout(Duration.ofSeconds(20))
                .listener(ConformanceClient::tell);
        Map<String, String> wishes = new HashMap<>();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            wishes.put(word.substring(0, equals), word.substring(equals + 1));
        }
        wishes.forEach((name, value) -> {
            switch (name) {
                case "name" -> options.name(value);
                case "token" -> options.auth(Auth.token(value.toCharArray()));
                case "user" ->
                    options.auth(Auth.userPassword(
                            value, wishes.getOrDefault("pass", "").toCharArray()));
                case "echo" -> options.echo(Boolean.parseBoolean(value));
                case "verbose" -> options.verbose(Boolean.parseBoolean(value));
                case "pedantic" -> options.pedantic(Boolean.parseBoolean(value));
                default -> {
                    // said with the user
                }
            }
        });
        connection = Nats.connect(options.build());
    }

    private void subscribe(List<String> words) {
        String tag = words.get(1);
        SubscribeOptions.Builder options = SubscribeOptions.builder();
        if (words.size() > 3) {
            options.queue(words.get(3));
        }
        subscriptions.put(
                tag, connected(connection).subscribe(words.get(2), options.build(), message -> tell(tag, message)));
    }

    private void unsubscribe(List<String> words) {
        Subscription subscription = connected(subscriptions.get(words.get(1)));
        if (words.size() > 2) {
            subscription.unsubscribeAfter(Long.parseLong(words.get(2)));
        } else {
            subscription.unsubscribe();
        }
    }

    /** {@code publish SUBJECT REPLY DATA} or {@code hpublish SUBJECT REPLY NAME VALUE DATA}. */
    private void publish(String[] words, int data) {
        Message.Builder message = Message.to(words[1]).data(words[data].getBytes(ISO_8859_1));
        if (!words[2].equals("-")) {
            message.replyTo(words[2]);
        }
        if (data == 5) {
            message.header(words[3], words[4]);
        }
        connected(connection).publish(message.build());
    }

    private void close() {
        if (connection != null) {
            connection.close();
        }
    }

    private static void tell(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.PermissionDenied || event instanceof ConnectionEvent.ServerError) {
            say("error " + event);
        } else if (event instanceof ConnectionEvent.Closed closed && closed.reason() != EndReason.CLOSED_BY_USER) {
            say("closed");
        }
    }

    private static void tell(String tag, Message message) {
        StringBuilder line = new StringBuilder(message.hasHeaders() ? "hmessage " : "message ");
        line.append(tag).append(' ').append(message.subject()).append(' ');
        line.append(message.replyTo() == null ? "-" : message.replyTo()).append(' ');
        if (message.hasHeaders()) {
            Status status = message.headers().status();
            line.append(status == null ? "-" : status.code()).append(' ');
            StringBuilder headers = new StringBuilder();
            message.headers()
                    .forEach((name, value) -> headers.append(headers.isEmpty() ? "" : ",")
                            .append(name)
                            .append('=')
                            .append(value));
            line.append(headers.isEmpty() ? "-" : headers).append(' ');
        }
        say(line.append(new String(message.data(), ISO_8859_1)).toString());
    }

    /** One line, whole, from whichever thread. */
    private static synchronized void say(String line) {
        StringBuilder escaped = new StringBuilder();
        line.chars()
                .forEach(c -> escaped.append(
                        c >= ' ' && c < 127 && c != '\\'
                                ? String.valueOf((char) c)
                                : c < 256 ? String.format("\\x%02x", c) : "?"));
        System.out.println(escaped);
    }

    /** Undoes the escapes of a command: {@code \r \n \t \\} and {@code \x1f}. */
    private static String unescaped(String line) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '\\') {
                char escape = line.charAt(at++);
                if (escape == 'x') {
                    text.append((char) Integer.parseInt(line, at, at + 2, 16));
                    at += 2;
                } else {
                    text.append("rnt\\".indexOf(escape) < 0 ? escape : "\r\n\t\\".charAt("rnt\\".indexOf(escape)));
                }
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static <T> T connected(@Nullable T it) {
        if (it == null) {
            throw new IllegalStateException("not connected, or not subscribed");
        }
        return it;
    }
}
