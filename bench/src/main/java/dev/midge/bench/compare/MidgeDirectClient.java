// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.client.DirectConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Midge, by {@link DirectConnection}: on the event loop, and large payloads by reference. */
final class MidgeDirectClient extends MidgeClient {
    private MidgeDirectClient(Job job) {
        super(job);
    }

    /** The entry point. */
    public static void main(String[] args) {
        ClientProgram.run(args, MidgeDirectClient::new);
    }

    @Override
    public String version() {
        return "midge direct()";
    }

    @Override
    public Sender sender(Job job) {
        if (job.headers() > 0) {
            throw new UnsupportedOperationException("direct() publishes without headers");
        }
        DirectConnection direct = connection().direct();
        String subject = job.subject();
        ByteBuf payload = Unpooled.directBuffer(job.size()).writeBytes(job.payload());
        return () -> direct.publish(subject, payload);
    }

    @Override
    public void subscribe(String subject, Receiver receiver) {
        connection().direct().subscribe(subject, message -> receiver.received(message.payloadLength()));
    }
}
