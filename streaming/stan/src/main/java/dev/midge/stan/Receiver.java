// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.protocol.NatsException;
import dev.midge.stan.pb.MsgProto;
import java.io.IOException;

/** Reads what the server delivers, gives it to the handler, and acknowledges it. On the executor, one message at a time. */
final class Receiver implements MessageHandler {
    private final StanSubscription subscription;
    private final FeedRequests requests;
    private final Reports reports;
    private final StanMessageHandler handler;

    Receiver(StanSubscription subscription, FeedRequests requests, Reports reports, StanMessageHandler handler) {
        this.subscription = subscription;
        this.requests = requests;
        this.reports = reports;
        this.handler = handler;
    }

    @Override
    public void onMessage(Message received) {
        Feed present = requests.present();
        if (!subscription.isActive() || present == null || !received.subject().equals(present.inbox())) {
            return; // of an earlier session
        }
        StanMessage message;
        try {
            MsgProto read = MsgProto.parseFrom(received.data());
            if (!StanMessage.isIntact(read)) {
                throw new IOException("the CRC32 of message " + read.getSequence() + " is wrong");
            }
            message = new StanMessage(subscription, present, read);
        } catch (IOException e) {
            reports.emit(new StanEvent.MessageDamaged(subscription, e));
            return;
        }
        handle(message);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws is reported, and stops nothing
    private void handle(StanMessage message) {
        try {
            handler.onMessage(message);
        } catch (Throwable e) {
            reports.emit(new StanEvent.HandlerFailed(subscription, message, e));
            return;
        }
        if (!subscription.options().manualAcks()) {
            try {
                message.acknowledge();
            } catch (NatsException e) {
                // it ended meanwhile, or there is no server: the message is delivered again
            }
        }
    }
}
