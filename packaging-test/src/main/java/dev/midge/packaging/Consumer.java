// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.protocol.Info;
import dev.midge.protocol.SubjectValidation;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Connects, publishes, subscribes and receives with what the modules export, and nothing else: that it compiles is half
 * of the test. Its module requires dev.midge.client alone, which must bring all that its API names.
 */
final class Consumer {
    private static final Duration LONG = Duration.ofSeconds(20);

    private Consumer() {}

    public static void main(String[] url) throws Exception {
        CompletableFuture<ConnectionEvent.Closed> closed = new CompletableFuture<>();
        Options options = Options.builder()
                .servers(url)
                .name("consumer")
                .connectTimeout(LONG)
                .closeTimeout(LONG)
                .subjectValidation(SubjectValidation.STRICT)
                .eventLoops(EventLoops.own(TransportKind.AUTO, 1))
                .listener(event -> {
                    if (event instanceof ConnectionEvent.Closed last) {
                        closed.complete(last);
                    }
                })
                .build();
        String version;
        try (Connection nc = Nats.connect(options)) {
            Info info = nc.serverInfo();
            version = String.valueOf(info.version());
            System.out.println("handler: " + handler(nc));
            System.out.println("direct: " + direct(nc));
        }
        System.out.println(Consumer.class.getModule() + " used " + Connection.class.getModule() + " with " + version
                + " until " + closed.get(LONG.toSeconds(), TimeUnit.SECONDS).reason());
    }

    private static String handler(Connection nc) {
        SubscribeOptions queue = SubscribeOptions.builder().queue("greeters").build();
        try (Subscription greetings =
                        nc.subscribe("greet.*", queue, message -> message.respond("hello " + message.text()));
                Subscription answers = nc.subscribe("answers")) {
            nc.publish(Message.to("greet.joe")
                    .replyTo("answers")
                    .header("trace", "1")
                    .data("joe")
                    .build());
            return answers.next(LONG).text() + " on " + greetings.subject();
        }
    }

    private static int direct(Connection nc) throws Exception {
        CompletableFuture<Integer> size = new CompletableFuture<>();
        nc.direct().subscribe("prices", view -> size.complete(view.payload().readableBytes()));
        nc.direct().publish("prices", Unpooled.wrappedBuffer(new byte[3]));
        nc.flush(LONG);
        return size.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
}
