// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.bench.RawClient;
import dev.midge.client.Connection;
import dev.midge.client.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in for a server that costs nothing, with Midge and with plain sockets. */
class SinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double SECONDS = 0.05;
    private static final String SUBJECT = "bench.subject";

    private static SinkProgram sink(boolean answers) throws IOException {
        SinkProgram sink = new SinkProgram(answers);
        sink.start();
        return sink;
    }

    private static Job job(SinkProgram sink, int size, int headers) throws IOException {
        return Job.parse(
                "--workload",
                "subscribe",
                "--url",
                sink.url(),
                "--subject",
                SUBJECT,
                "--size",
                "" + size,
                "--headers",
                "" + headers);
    }

    /** A server answers each PING and nothing else, whatever the payloads look like and however they arrive. */
    @Test
    void discardsMessagesAndAnswersPings() throws IOException {
        try (SinkProgram sink = sink(false);
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), URI.create(sink.url()).getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            while (in.read() != '\n') {
                // INFO
            }
            String talk = """
                    CONNECT {}
                    PUB a 6
                    PING

                    PUB a 6
                    PING

                    PING
                    PUB a 0

                    PUB a reply 12
                    PING
                    PING

                    HPUB a 12 18
                    NATS/1.0

                    PING

                    PING
                    """.replace("\n", "\r\n");
            for (byte b : talk.getBytes(US_ASCII)) {
                socket.getOutputStream().write(b);
            }
            socket.getOutputStream().write((talk + "x\r\n").getBytes(US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("PONG\r\n".repeat(4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "16,3", "1024,0", "300000,0", "300000,3"})
    void takesWhatMidgeAndPlainSocketsPublish(int size, int headers) throws Exception {
        try (SinkProgram sink = sink(false)) {
            Job job = job(sink, size, headers);
            try (MidgeClient client = new MidgeClient(job);
                    Work work = new SendWork(client, client.sender(job))) {
                assertThat(work.run(SECONDS).messages()).isPositive();
                assertThat(work.run(SECONDS).seconds()).isGreaterThanOrEqualTo(SECONDS);
            }
            try (RawClient socket = RawClient.connect(sink.url());
                    Work work = new RawSendWork(socket, job)) {
                assertThat(work.run(SECONDS).messages()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16,0,1", "128,3,1", "1024,0,100", "16,3,3"})
    void sendsWhatMidgeAndPlainSocketsReceive(int size, int headers, int subscriptions) throws Exception {
        try (SinkProgram sink = sink(false)) {
            Job job = job(sink, size, headers);
            try (MidgeClient client = new MidgeClient(job);
                    Work work = new ReceiveWork(client, SUBJECT, subscriptions)) {
                for (int run = 0; run < 2; run++) {
                    long sent = sink.send(job, SUBJECT, SECONDS).messages();
                    assertThat(work.run(SECONDS).messages())
                            .isEqualTo(sent * subscriptions)
                            .isPositive();
                }
            }
        }
        try (SinkProgram sink = sink(false)) {
            Job job = job(sink, size, headers);
            try (RawClient socket = RawClient.connect(sink.url());
                    Work work = new RawReceiveWork(socket, job, subscriptions)) {
                for (int run = 0; run < 2; run++) {
                    FutureTask<Long> sending = new FutureTask<>(
                            () -> sink.send(job, SUBJECT, SECONDS).messages());
                    Thread sender = new Thread(sending, "test-sender"); // as the socket has to be read meanwhile
                    sender.start();
                    long received = work.run(SECONDS).messages();
                    assertThat(received)
                            .isEqualTo(sending.get() * subscriptions)
                            .isPositive();
                    sender.join();
                }
            }
        }
    }

    @Test
    void sendsNothingWhereNobodySubscribes() throws IOException {
        try (SinkProgram sink = sink(false)) {
            assertThat(sink.send(job(sink, 16, 0), "other", SECONDS).messages()).isZero();
        }
    }

    @Test
    void answersRequestsWithWhatIsInThem() throws Exception {
        try (SinkProgram sink = sink(true);
                MidgeClient client = new MidgeClient(job(sink, 0, 0))) {
            Connection nc = client.connection();
            assertThat(nc.request("bench.echo", "hello", PATIENCE).text()).isEqualTo("hello");
            Message reply = nc.request(
                    Message.to("bench.echo")
                            .header("A", "1")
                            .data("with headers".getBytes(UTF_8))
                            .build(),
                    PATIENCE);
            assertThat(reply.text()).isEqualTo("with headers");
            assertThat(reply.headers().get("A")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @CsvSource({"16,0,1", "128,3,64", "16384,0,64"})
    void answersMidgeAndPlainSockets(int size, int headers, int inFlight) throws Exception {
        try (SinkProgram sink = sink(true)) {
            Job job = job(sink, size, headers);
            try (RawClient socket = RawClient.connect(sink.url());
                    Work work = new RawRequestWork(socket, job, inFlight)) {
                assertThat(work.run(SECONDS).messages()).isPositive();
                assertThat(work.run(SECONDS).messages()).isPositive();
            }
            try (MidgeClient client = new MidgeClient(job);
                    Work one = new RequestWork(client.requester(job));
                    Work many = new FlightWork(client.requester(job), inFlight)) {
                assertThat(one.run(SECONDS).line()).contains("\"p50Micros\":");
                assertThat(many.run(SECONDS).line()).contains("\"p999Micros\":");
            }
        }
    }
}
