// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the JVM that the suite plays server for: what each method does is what a user of the client would do. There is
 * one object for each conversation. Its methods are called one after the other, by one thread, and may block: what
 * {@link #connect} waits for, for one, comes when the suite has got what it expects. What a method throws is what the client
 * made of a call that cannot be done.
 */
public interface ClientUnderTest {
    /**
     * Connects, once and without reconnecting later, and comes back when the client says that it is connected.
     *
     * @param wish what the user of the client wants
     * @param listener to be told what happens from then on, from any thread
     */
    void connect(String url, ConnectWish wish, Listener listener) throws Exception;

    /**
     * Subscribes.
     *
     * @param tag what the conversation calls the subscription
     * @param queue of the queue group, or null
     */
    void subscribe(String tag, String subject, @Nullable String queue) throws Exception;

    /**
     * Ends a subscription.
     *
     * @param max after how many messages since it began; 0 for at once
     */
    void unsubscribe(String tag, int max) throws Exception;

    /**
     * Publishes.
     *
     * @param reply the reply subject, or null
     * @param headers one value each; when empty, a message without headers
     */
    void publish(String subject, @Nullable String reply, Map<String, String> headers, byte[] data) throws Exception;

    /** Comes back when the server has answered a PING. */
    void flush() throws Exception;

    /** Closes the connection. Called at the end of each conversation, too; a second call does nothing. */
    void close() throws Exception;

    /**
     * What the user wants of a connection; what is null is not wanted.
     *
     * @param echo whether the connection gets its own messages
     */
    record ConnectWish(
            @Nullable String name,
            @Nullable String user,
            @Nullable String password,
            @Nullable String token,
            boolean echo,
            boolean verbose,
            boolean pedantic) {}

    /** What the client tells its user. */
    interface Listener {
        /**
         * A message came.
         *
         * @param reply the reply subject, or null
         * @param status of a message that has one, as in 503; 0 for none
         * @param headers null for a message without
         */
        void message(
                String tag,
                String subject,
                @Nullable String reply,
                int status,
                @Nullable Map<String, String> headers,
                byte[] data);

        /** The server sent an -ERR, or something else went wrong, and the connection lives on. */
        void error(String text);

        /** The connection has ended, for whatever reason but {@link ClientUnderTest#close}. */
        void closed();
    }
}
