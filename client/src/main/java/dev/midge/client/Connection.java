// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a NATS server. Made by {@link Nats}; thread-safe, to be shared by all of an application.
 *
 * <p>It has no thread of its own: an event loop shared by all connections reads and writes, and handlers run on an
 * executor. Methods that wait say so; called on an event loop they throw IllegalStateException.
 *
 * <p>Every publish method throws IllegalArgumentException for a subject that is not allowed (see
 * {@link OptionsBuilder#subjectValidation}), {@link PayloadTooLargeException} for what is over the server's
 * max_payload, {@link HeadersNotSupportedException} for headers to a server that does not take them, and
 * {@link ConnectionClosedException} when the connection has ended; then nothing was sent. A message that was accepted
 * is written, or reported by {@link ConnectionEvent.MessagesDiscarded}. Messages of one thread are written in the order
 * of its calls.
 *
 * <p>When its server is lost, the connection looks for another one, or for the same again, as {@link Reconnect} says.
 * Meanwhile messages are queued, refused with {@link DisconnectedException}, or dropped and reported, by option.
 */
public interface Connection extends AutoCloseable {
    /**
     * Publishes text as UTF-8; see {@link #publish(String, byte[])}.
     */
    void publish(String subject, String text);

    /**
     * Publishes a message. It is in the connection's outbound buffer, and on its way, when this returns; the array is
     * free again. Waits while the buffer is full, at most for {@link Options#writeTimeout()}, not on an event loop.
     *
     * @throws OutboundFullException if the buffer stayed full; nothing was sent
     * @throws NatsInterruptedException if the thread is interrupted while it waits; nothing was sent
     */
    void publish(String subject, byte[] data);

    /**
     * Publishes a part of an array; see {@link #publish(String, byte[])}.
     *
     * @throws IndexOutOfBoundsException if the part is not within the array
     */
    void publish(String subject, byte[] data, int offset, int length);

    /** Publishes what remains in a buffer, whose position is left as it is; see {@link #publish(String, byte[])}. */
    void publish(String subject, ByteBuffer data);

    /** Publishes a message with all it has; see {@link #publish(String, byte[])}. */
    void publish(Message message);

    /** Publishes unless the outbound buffer is full: then returns false at once, and nothing was sent. */
    boolean tryPublish(String subject, byte[] data);

    /** As {@link #tryPublish(String, byte[])}, a message with all it has. */
    boolean tryPublish(Message message);

    /**
     * Publishes without waiting. The future completes on the connection's executor when the message has been handed to
     * the socket, and fails with {@link OutboundFullException} if the outbound buffer is full, with
     * {@link DisconnectedException} if the server is lost while it is being written, or with
     * {@link ConnectionClosedException} if the connection has ended or ends before; only what is wrong with the message
     * itself is thrown. Cancelling it does not stop the message.
     */
    CompletableFuture<Void> publishAsync(String subject, byte[] data);

    /** As {@link #publishAsync(String, byte[])}, a message with all it has. */
    CompletableFuture<Void> publishAsync(Message message);

    /**
     * Subscribes to a subject, to be consumed by {@link Subscription#next}, as an iterator, a stream or a publisher.
     * Never waits. What the server refuses is told by {@link ConnectionEvent.PermissionDenied}.
     *
     * @throws IllegalArgumentException if the subject is not allowed
     * @throws ConnectionClosedException if the connection has ended, or is being drained
     */
    Subscription subscribe(String subject);

    /**
     * As {@link #subscribe(String)}, with options.
     *
     * @throws IllegalArgumentException if the subject or the queue group is not allowed
     */
    Subscription subscribe(String subject, SubscribeOptions options);

    /** As {@link #subscribe(String)}, with a handler that is called for each message. */
    Subscription subscribe(String subject, MessageHandler handler);

    /** As {@link #subscribe(String, MessageHandler)}, with options. */
    Subscription subscribe(String subject, SubscribeOptions options, MessageHandler handler);

    /** The same connection for those who want no copy and no thread in between. */
    DirectConnection direct();

    /** Requests with text as UTF-8; see {@link #request(Message, Duration)}. */
    Message request(String subject, String text, Duration timeout);

    /** Requests with bytes; see {@link #request(Message, Duration)}. */
    Message request(String subject, byte[] data, Duration timeout);

    /**
     * Publishes a message with a reply-to subject of its own, in place of that of the message, and waits for the first
     * reply. What {@link #publish(Message)} throws is thrown by this too.
     *
     * <p>The reply can be answered by {@link Message#respond} if it has a reply-to subject. Replies that come later are
     * dropped and counted: {@link Statistics#lateReplies()}.
     *
     * @param timeout how long to wait at most, from now on, {@link Options#writeTimeout()} included
     * @throws NoRespondersException at once if nobody is subscribed to the subject, and the server knows status 503
     * @throws NatsTimeoutException if no reply came in time
     * @throws ServerErrorException if the server does not allow to publish to the subject, or to subscribe to replies
     * @throws DisconnectedException if the server is lost after it was given the request; see
     *     {@link OptionsBuilder#failRequestsOnDisconnect}. What it was not given is sent to the next one
     * @throws ConnectionClosedException if the connection ends before
     * @throws IllegalArgumentException if the timeout is null or not above 0
     * @throws IllegalStateException on an event loop
     * @throws NatsInterruptedException if the thread is interrupted
     */
    Message request(Message message, Duration timeout);

    /** Requests with text as UTF-8, without waiting; see {@link #requestAsync(Message, Duration)}. */
    CompletableFuture<Message> requestAsync(String subject, String text, Duration timeout);

    /** Requests with bytes, without waiting; see {@link #requestAsync(Message, Duration)}. */
    CompletableFuture<Message> requestAsync(String subject, byte[] data, Duration timeout);

    /**
     * As {@link #request(Message, Duration)}, without waiting: the future completes on the connection's executor, within
     * 50 ms of the timeout. It fails with what the other throws, and with {@link OutboundFullException} if the outbound
     * buffer is full; only what is wrong with the request itself is thrown. Whoever cancels it, or completes it himself, wants
     * no reply any more: nothing is kept of it.
     */
    CompletableFuture<Message> requestAsync(Message message, Duration timeout);

    /** Requests many responses with bytes; see {@link #requestMany(Message, RequestManyOptions)}. */
    Responses requestMany(String subject, byte[] data, RequestManyOptions options);

    /**
     * Publishes a message with a reply-to subject of its own, in place of that of the message, and returns the responses,
     * which are still to come. What {@link #publish(Message)} throws is thrown by this too.
     *
     * @throws DisconnectedException if there is no server, and messages are refused meanwhile
     */
    Responses requestMany(Message message, RequestManyOptions options);

    /** As {@link #requestMany(Message, RequestManyOptions)}, with a handler that is called for each response. */
    Responses requestMany(Message message, RequestManyOptions options, MessageHandler handler);

    /**
     * Waits until the server has processed all that was sent before: a PING and its PONG.
     *
     * @throws NatsTimeoutException if the answer did not come in time
     * @throws DisconnectedException if there is no server, or it is lost before
     * @throws ConnectionClosedException if the connection ends before
     * @throws NatsInterruptedException if the thread is interrupted
     */
    void flush(Duration timeout);

    /** As {@link #flush}, without waiting: the future completes on the connection's executor. */
    CompletableFuture<Void> flushAsync();

    /**
     * Measures the time from a PING to its PONG, what was queued before included.
     *
     * @throws NatsTimeoutException if the answer did not come in time
     * @throws DisconnectedException if there is no server, or it is lost before
     * @throws ConnectionClosedException if the connection ends before
     * @throws NatsInterruptedException if the thread is interrupted
     */
    Duration rtt(Duration timeout);

    /** Where it is in its life. */
    ConnectionStatus status();

    /** What the server said of itself, last; nothing but defaults before the first one. */
    Info serverInfo();

    /** The address of the server, as it was given or announced; the last one while there is none. */
    String server();

    /**
     * The servers that the connection may go to: those of the options, or set since, without those that failed too
     * often, and those that servers announced.
     */
    List<ServerState> servers();

    /**
     * Takes these servers in place of those there are, from the next attempt on: the present server is kept, though it be
     * none of them. What is known of those that stay is kept too; those that servers announce join again. Returns at
     * once; {@link #servers()} shows them a little later.
     *
     * @param urls as {@link OptionsBuilder#servers} takes them
     * @throws IllegalArgumentException as {@link OptionsBuilder#servers} throws it
     * @throws ConnectionClosedException if the connection has ended
     */
    void setServers(String... urls);

    /** The id that the server gave to this connection, or null if it does not say. */
    @Nullable
    Long clientId();

    /** The address that the server sees this client at, or null if it does not say. */
    @Nullable
    String clientIp();

    /** Counts at this moment. */
    Statistics statistics();

    /** How many bytes wait for the socket; exact, takes no lock. */
    long pendingBytes();

    /** How many messages wait for the socket; exact, takes no lock. */
    long pendingMessages();

    /**
     * Gives the present server up, and looks for another one or for the same once more, without waiting first: as when
     * credentials have been replaced. What is queued is kept as {@link Reconnect} says, what was being written is
     * reported. Returns at once; does nothing while there is no server.
     *
     * @throws ConnectionClosedException if the connection has ended
     */
    void forceReconnect();

    /** The options it was made with. */
    Options options();

    /**
     * Has another listener told the events from now on, behind that of the options and those added before, in turn with
     * them: for what is built on a connection. It is held till it is removed.
     */
    void addListener(ConnectionListener listener);

    /** Takes a listener out that was added, soon; does nothing if it was not. */
    void removeListener(ConnectionListener listener);

    /**
     * Ends the connection in order, so that nothing that was received is lost: takes no further subscriptions, {@linkplain
     * Subscription#drain drains} all there are, has the server confirm what was published meanwhile, which handlers may do
     * to the end, and {@linkplain #close closes}. When the time is over it closes with what then remains. Waits for all
     * that; on top of the timeout it can take {@link Options#closeTimeout()}.
     *
     * <p>Without a server it waits for what is pending; and if something that was published waits to be written, for a
     * server. Called again, it waits for the drain that is under way, whose timeout counts. {@link #close} ends a drain at
     * once. In a handler it would wait for that: use {@link #drainAsync} there.
     *
     * @param timeout how long to wait at most
     * @return how it went; not drained if the connection was closed or lost for good meanwhile, or before
     * @throws IllegalArgumentException if the timeout is not above 0
     * @throws IllegalStateException on an event loop
     * @throws NatsInterruptedException if the thread is interrupted; the drain goes on
     */
    DrainResult drain(Duration timeout);

    /** As {@link #drain}, without waiting: the future completes on the connection's executor and never fails. */
    CompletableFuture<DrainResult> drainAsync(Duration timeout);

    /**
     * Ends the connection: takes no more, writes what is queued and has the server confirm it, for at most
     * {@link Options#closeTimeout()}, then ends all subscriptions, drops what is pending in them, and closes the socket.
     * What could not be written is reported. Waits for all that, but not for handlers that are running; on an event
     * loop it starts it and returns. Does nothing more if called again.
     */
    @Override
    void close();

    /** As {@link #close}, without waiting: the future completes on the connection's executor and never fails. */
    CompletableFuture<Void> closeAsync();
}
