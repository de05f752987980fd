// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.ValueType.COUNT;
import static dev.midge.client.ValueType.DURATION;
import static dev.midge.client.ValueType.FLAG;
import static dev.midge.client.ValueType.HEADERS;
import static dev.midge.client.ValueType.INT_SIZE;
import static dev.midge.client.ValueType.LONG_COUNT;
import static dev.midge.client.ValueType.NUMBER;
import static dev.midge.client.ValueType.PATH;
import static dev.midge.client.ValueType.SECRET;
import static dev.midge.client.ValueType.SIZE;
import static dev.midge.client.ValueType.TEXT;
import static dev.midge.client.ValueType.TEXTS;
import static dev.midge.client.ValueType.URLS;
import static dev.midge.client.ValueType.oneOf;

import dev.midge.protocol.ProtocolLimits;
import dev.midge.protocol.SubjectValidation;
import dev.midge.transport.EventLoops;
import dev.midge.transport.Tls;
import dev.midge.transport.TransportKind;
import dev.midge.transport.WebSocket;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * All that can be said of options in text, in the order in which it is applied. A name is that of the builder's method,
 * behind that of the method that takes what the builder builds; where a method takes several arguments, each has a name
 * behind that of the method. {@code docs/options.md} has the same table.
 */
final class OptionKeys {
    static final List<OptionKey<?>> ALL = List.of(
            option("context", TEXT, OptionsBuilder::context),
            option("servers", URLS, (options, urls) -> options.servers(urls.toArray(String[]::new))),
            option("randomize-servers", FLAG, OptionsBuilder::randomizeServers),
            option("ignore-discovered-servers", FLAG, OptionsBuilder::ignoreDiscoveredServers),
            option("name", TEXT, OptionsBuilder::name),
            auth("user", TEXT),
            auth("password", SECRET),
            auth("token", SECRET),
            auth("nkey", SECRET),
            auth("nkey-file", PATH),
            auth("jwt", SECRET),
            auth("credentials", PATH),
            auth("credentials-text", SECRET),
            key("tls", FLAG, (draft, on) -> draft.tls().wanted(on)),
            tlsFile("trust", PATH),
            tlsFile("trust-store", PATH),
            tlsFile("trust-store.password", SECRET),
            tlsFile("identity.certificates", PATH),
            tlsFile("identity.key", PATH),
            tlsFile("identity.passphrase", SECRET),
            tlsFile("key-store", PATH),
            tlsFile("key-store.password", SECRET),
            tls("first", FLAG, Tls.Builder::first),
            tls("verify-host-name", FLAG, Tls.Builder::verifyHostName),
            tls("protocols", TEXTS, (tls, names) -> tls.protocols(names.toArray(String[]::new))),
            webSocket("headers", HEADERS, WebSocket.Builder::headers),
            webSocket("compression", FLAG, WebSocket.Builder::compression),
            webSocket("max-frame-size", INT_SIZE, WebSocket.Builder::maxFrameSize),
            proxy("http", TEXT),
            proxy("socks5", TEXT),
            proxy("user", TEXT),
            proxy("password", SECRET),
            reconnect("max-attempts", COUNT, Reconnect.Builder::maxAttempts),
            reconnect("wait", DURATION, Reconnect.Builder::wait),
            reconnect("max-wait", DURATION, Reconnect.Builder::maxWait),
            reconnect("multiplier", NUMBER, Reconnect.Builder::multiplier),
            reconnect("jitter", NUMBER, Reconnect.Builder::jitter),
            reconnect("while-disconnected", oneOf(WhileDisconnected.class), Reconnect.Builder::whileDisconnected),
            reconnect("buffer-size", SIZE, Reconnect.Builder::bufferSize),
            reconnect("on-first-connect", FLAG, Reconnect.Builder::onFirstConnect),
            option("connection-racing", DURATION, OptionsBuilder::connectionRacing),
            option("connect-timeout", DURATION, OptionsBuilder::connectTimeout),
            option("ping-interval", DURATION, OptionsBuilder::pingInterval),
            option("max-pings-out", COUNT, OptionsBuilder::maxPingsOut),
            option("write-timeout", DURATION, OptionsBuilder::writeTimeout),
            option("close-timeout", DURATION, OptionsBuilder::closeTimeout),
            option("request-timeout", DURATION, OptionsBuilder::requestTimeout),
            option("fail-requests-on-disconnect", FLAG, OptionsBuilder::failRequestsOnDisconnect),
            option("inbox-prefix", TEXT, OptionsBuilder::inboxPrefix),
            option("old-request-style", FLAG, OptionsBuilder::oldRequestStyle),
            option("outbound-limit", SIZE, OptionsBuilder::outboundLimit),
            option(
                    "pending-limits.messages",
                    LONG_COUNT,
                    (options, messages) -> options.pendingLimits(messages, options.pendingLimits.bytes())),
            option(
                    "pending-limits.bytes",
                    SIZE,
                    (options, bytes) -> options.pendingLimits(options.pendingLimits.messages(), bytes)),
            option("overflow", oneOf(Overflow.class), OptionsBuilder::overflow),
            option("event-limit", COUNT, OptionsBuilder::eventLimit),
            option("echo", FLAG, OptionsBuilder::echo),
            option("verbose", FLAG, OptionsBuilder::verbose),
            option("pedantic", FLAG, OptionsBuilder::pedantic),
            option("subject-validation", oneOf(SubjectValidation.class), OptionsBuilder::subjectValidation),
            option("max-control-line", INT_SIZE, OptionsBuilder::maxControlLine),
            limit("max-control-line", INT_SIZE, ProtocolLimits::withMaxControlLine),
            limit("max-info-line", INT_SIZE, ProtocolLimits::withMaxInfoLine),
            limit("max-payload", INT_SIZE, ProtocolLimits::withMaxPayload),
            limit("max-header-bytes", INT_SIZE, ProtocolLimits::withMaxHeaderBytes),
            limit("max-header-count", COUNT, ProtocolLimits::withMaxHeaderCount),
            option(
                    "event-loops",
                    oneOf(TransportKind.class),
                    (options, kind) -> options.eventLoops(EventLoops.shared(kind))));

    private OptionKeys() {}

    private static <T> OptionKey<T> key(String name, ValueType<T> type, BiConsumer<OptionsDraft, T> setter) {
        return new OptionKey<>(name, type, setter);
    }

    private static <T> OptionKey<T> option(String name, ValueType<T> type, BiConsumer<OptionsBuilder, T> setter) {
        return key(name, type, (draft, value) -> setter.accept(draft.options(), value));
    }

    private static <T> OptionKey<T> auth(String name, ValueType<T> type) {
        return key("auth." + name, type, (draft, value) -> draft.auth().put(name, value));
    }

    private static <T> OptionKey<T> tlsFile(String name, ValueType<T> type) {
        return key("tls." + name, type, (draft, value) -> draft.tls().file(name, value));
    }

    private static <T> OptionKey<T> tls(String name, ValueType<T> type, BiConsumer<Tls.Builder, T> setter) {
        return key("tls." + name, type, (draft, value) -> draft.tls().with(tls -> setter.accept(tls, value)));
    }

    private static <T> OptionKey<T> webSocket(String name, ValueType<T> type, BiConsumer<WebSocket.Builder, T> setter) {
        return key("web-socket." + name, type, (draft, value) -> setter.accept(draft.webSocket(), value));
    }

    private static <T> OptionKey<T> proxy(String name, ValueType<T> type) {
        return key("proxy." + name, type, (draft, value) -> draft.proxy().put(name, value));
    }

    private static <T> OptionKey<T> reconnect(String name, ValueType<T> type, BiConsumer<Reconnect.Builder, T> setter) {
        return key("reconnect." + name, type, (draft, value) -> setter.accept(draft.reconnect(), value));
    }

    private static OptionKey<Integer> limit(
            String name, ValueType<Integer> type, BiFunction<ProtocolLimits, Integer, ProtocolLimits> with) {
        return option("limits." + name, type, (options, value) -> options.limits(with.apply(options.limits, value)));
    }
}
