// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server by HTTP to go on with WebSocket, and then has a {@link WebSocketHandler} in its place.
 *
 * <pre>
 * GET /path HTTP/1.1              HTTP/1.1 101 Switching Protocols
 * Host: nats.example              Upgrade: websocket
 * Upgrade: websocket              Connection: Upgrade
 * Connection: Upgrade             Sec-WebSocket-Accept: SHA-1 of key and GUID, in Base64
 * Sec-WebSocket-Version: 13       Sec-WebSocket-Extensions: ...
 * Sec-WebSocket-Key: 16 random bytes, in Base64
 * Sec-WebSocket-Extensions: permessage-deflate; ...      if compression is asked for
 * </pre>
 *
 * The one class, with {@link WebSocketHandler}, that needs netty-codec-http: whoever calls {@link #start} meets the
 * LinkageError where that is not there.
 */
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    /** RFC 6455, section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int KEY_BYTES = 16;

    /** What servers and the proxies before them send is some 200 bytes. */
    private static final int MAX_STATUS_LINE = 1024;

    private static final int MAX_HEADERS = 16 << 10;

    private final Channel channel;
    private final Endpoint endpoint;
    private final WebSocket webSocket;
    private final StepListener listener;
    private final SecureRandom random = new SecureRandom();
    private final String key;
    private final HttpClientCodec codec = new HttpClientCodec(
            new HttpDecoderConfig().setMaxInitialLineLength(MAX_STATUS_LINE).setMaxHeaderSize(MAX_HEADERS),
            false,
            false);

    private boolean deflate;
    private boolean accepted;
    private boolean ended;

    private WebSocketUpgrade(Channel channel, Endpoint endpoint, WebSocket webSocket, StepListener listener) {
        this.channel = channel;
        this.endpoint = endpoint;
        this.webSocket = webSocket;
        this.listener = listener;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        key = Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * On the event loop.
     *
     * @param before the name of the handler that will talk NATS
     * @param blocking asks the supplier of headers
     */
    static void start(
            Channel channel,
            String before,
            Endpoint endpoint,
            WebSocket webSocket,
            Executor blocking,
            StepListener listener) {
        WebSocketUpgrade upgrade = new WebSocketUpgrade(channel, endpoint, webSocket, listener);
        try {
            blocking.execute(() -> upgrade.askForHeaders(before));
        } catch (RejectedExecutionException e) {
            listener.failed(Reason.FAILED, e.toString(), e);
        }
    }

    private void askForHeaders(String before) {
        try {
            Map<String, String> headers = webSocket.headers();
            onLoop(() -> ask(before, headers));
        } catch (Throwable t) {
            onLoop(() -> listener.failed(Reason.FAILED, "the headers of the WebSocket upgrade were not made: " + t, t));
        }
    }

    private void onLoop(Runnable step) {
        if (channel.eventLoop().inEventLoop()) {
            step.run();
        } else {
            try {
                channel.eventLoop().execute(step);
            } catch (RejectedExecutionException e) {
                // the event loop has ended, and every connection on it
            }
        }
    }

    private void ask(String before, Map<String, String> more) {
        if (!channel.isActive()) {
            return; // the attempt is over
        }
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target());
        HttpHeaders headers = request.headers();
        headers.set(HttpHeaderNames.HOST, host())
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        if (webSocket.compression()) {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, WebSocketDeflate.OFFER);
        }
        more.forEach(headers::set);
        channel.pipeline().addBefore(before, "http", codec).addBefore(before, "upgrade", this);
        channel.writeAndFlush(request).addListener(written -> {
            if (!written.isSuccess()) {
                fail(
                        Reason.PEER_CLOSED,
                        "the WebSocket upgrade could not be asked for: " + written.cause(),
                        written.cause());
            }
        });
    }

    private String target() {
        String path = endpoint.path();
        int fragment = path.indexOf('#');
        String sent = fragment < 0 ? path : path.substring(0, fragment);
        return sent.startsWith("/") ? sent : "/" + sent;
    }

    /** The name and not the address, so that what serves several hosts knows which. */
    private String host() {
        String name = endpoint.certificateHost();
        String host = name.indexOf(':') < 0 ? name : "[" + name + "]";
        return endpoint.port() == endpoint.scheme().defaultPort() ? host : host + ":" + endpoint.port();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (ended) {
                return;
            }
            if (message instanceof HttpResponse response) {
                String refusal = refusal(response);
                if (refusal != null) {
                    fail(Reason.PROTOCOL, refusal, response.decoderResult().cause());
                } else {
                    accepted = true;
                }
            }
            if (accepted && message instanceof LastHttpContent) {
                ended = true;
                install(ctx);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void install(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.replace(this, "websocket", new WebSocketHandler(webSocket.maxFrameSize(), deflate));
        pipeline.addBefore("websocket", "websocket-encoder", WebSocketHandler.newEncoder(random));
        listener.done();
        pipeline.remove(codec); // passes on what came behind the response
    }

    /** Why the server's answer is none to go on with; null if it is one. */
    private @Nullable String refusal(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            return "what listens there answers the WebSocket upgrade with something that is not HTTP: "
                    + WebSocket.escaped(String.valueOf(response.decoderResult().cause()));
        }
        HttpHeaders headers = response.headers();
        if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            String location = headers.get(HttpHeaderNames.LOCATION);
            return "the server answers the WebSocket upgrade with \"" + response.protocolVersion() + " "
                    + WebSocket.escaped(response.status().toString())
                    + (location == null ? "" : ", Location: " + WebSocket.escaped(location)) + "\"";
        }
        String answer = "the server's answer to the WebSocket upgrade has ";
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return answer + "no \"Upgrade: websocket\" or no \"Connection: Upgrade\"";
        }
        String accept = headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (accept == null || !accept.equals(accept(key))) {
            return answer + "the Sec-WebSocket-Accept \"" + WebSocket.escaped(String.valueOf(accept))
                    + "\", which does not fit the key that was sent";
        }
        String extensions = headers.getAsString(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        if (extensions != null && (!webSocket.compression() || !WebSocketDeflate.isAnswer(extensions))) {
            return answer + "the Sec-WebSocket-Extensions \"" + WebSocket.escaped(extensions)
                    + "\", which were not asked for";
        }
        deflate = extensions != null;
        return null;
    }

    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private void fail(Reason reason, String what, @Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            listener.failed(reason, what, cause);
        }
    }
}
