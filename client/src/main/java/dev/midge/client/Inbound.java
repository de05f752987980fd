// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.FrameSink;
import dev.midge.protocol.Info;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.ServerError;
import java.util.function.Consumer;

/** Takes the frames of an established connection, on its event loop. */
final class Inbound implements FrameSink {
    private final Lifecycle lifecycle;
    private final Subscriptions subscriptions;
    private final Requests requests;
    private final Consumer<ConnectionEvent> events;
    private final Counter messages = new Counter();
    private final Counter unmatched = new Counter();

    Inbound(Lifecycle lifecycle, Subscriptions subscriptions, Requests requests, Consumer<ConnectionEvent> events) {
        this.lifecycle = lifecycle;
        this.subscriptions = subscriptions;
        this.requests = requests;
        this.events = events;
    }

    long messages() {
        return messages.get();
    }

    long unmatched() {
        return unmatched.get();
    }

    @Override
    public void onMessage(MessageView message) {
        messages.add(1);
        NatsSubscription subscription = subscriptions.find(message.sid());
        if (subscription == null) {
            unmatched.add(1);
            return;
        }
        subscription.onMessage(message);
        if (subscription.isSatisfied()) {
            lifecycle.satisfied(subscription);
        }
    }

    @Override
    public void onInfo(String json) {
        lifecycle.onInfo(Info.parse(json));
    }

    @Override
    public void onPing() {
        lifecycle.onPing();
    }

    @Override
    public void onPong() {
        lifecycle.onPong();
    }

    @Override
    public void onOk() {
        // the acknowledgement of a verbose connection: nothing waits for it
    }

    @Override
    public void onError(String text) {
        ServerError error = ServerError.parse(text);
        if (error.closesConnection()) {
            lifecycle.onFatalError(error);
        }
        if (error instanceof ServerError.PermissionsViolation violation) {
            requests.denied(violation);
            NatsSubscription subscription = subscriptions.denied(violation);
            if (subscription != null) {
                lifecycle.end(subscription, new ServerErrorException(error));
            }
            events.accept(new ConnectionEvent.PermissionDenied(violation, subscription));
        } else {
            events.accept(new ConnectionEvent.ServerError(error));
        }
    }
}
