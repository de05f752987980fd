// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A connection of a client that runs in the JVM: what the workloads need of it, each client in its own way. */
public interface Client extends AutoCloseable {
    /** Publishes the message of a job. */
    interface Sender {
        /** Once. */
        void send() throws Exception;
    }

    /** Publishes the message of a job and is told that it is stored; waits while too many are not. */
    interface AckedSender extends Sender {
        /** Waits until all are. */
        void awaitAll() throws Exception;
    }

    /** Takes messages; those of one subscription one after the other. */
    interface Receiver {
        /** One with a payload of so many bytes. */
        void received(int size) throws InterruptedException;
    }

    /** Sends the requests of a job. */
    interface Requester {
        /** And waits for the reply. */
        void request() throws Exception;

        /** And completes with the reply. */
        CompletableFuture<?> requestAsync() throws Exception;
    }

    /** Opens one. */
    interface Connector {
        /** For that job. */
        Client connect(Job job) throws Exception;
    }

    /** What it is, with its version. */
    String version();

    /** For the messages of a job. */
    default Sender sender(Job job) {
        throw new UnsupportedOperationException("publish");
    }

    /** Waits until the server has had all that was sent. */
    void flush() throws Exception;

    /** Without limits of what is pending. */
    default void subscribe(String subject, Receiver receiver) throws Exception {
        throw new UnsupportedOperationException("subscribe");
    }

    /** For the requests of a job. */
    default Requester requester(Job job) throws Exception {
        throw new UnsupportedOperationException("request");
    }

    /** For the messages of a job that are stored. */
    default AckedSender ackedSender(Job job) throws Exception {
        throw new UnsupportedOperationException("publish with acks");
    }

    /** Begins to consume, and acknowledges each message, until what it answers is closed. */
    default AutoCloseable consume(Job job, Receiver receiver) throws Exception {
        throw new UnsupportedOperationException("consume");
    }

    @Override
    void close() throws IOException;
}
