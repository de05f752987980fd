// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.StreamConfig;

/** Makes streams of events and consumers of actors. */
record Registry(JetStream js) {
    /** JSStreamNameExistErr in nats-server. */
    private static final int STREAM_EXISTS = 10058;

    /** JSStreamInvalidConfigF. */
    private static final int STREAM_UNCHANGEABLE = 10052;

    /** JSConsumerCreateErrF: what cannot be changed is told by that. */
    private static final int CONSUMER_UNCHANGEABLE = 10012;

    void stream(Event<?> event, boolean create, boolean update) {
        String what = "cannot register " + event;
        StreamConfig config = event.streamConfig();
        try {
            if (create && created(config, what, update)) {
                return;
            }
            if (update) {
                js.updateStream(config);
            }
        } catch (JetStreamApiException e) {
            throw e.errCode() == STREAM_UNCHANGEABLE ? new StreamConfigException(what, e) : e;
        }
    }

    private boolean created(StreamConfig config, String what, boolean update) {
        try {
            js.createStream(config);
            return true;
        } catch (JetStreamApiException e) {
            if (e.errCode() != STREAM_EXISTS) {
                throw e;
            }
            if (!update) {
                throw new StreamExistsException(what, e);
            }
            return false;
        }
    }

    void consumer(Actor<?, ?> actor) {
        try {
            js.stream(actor.event().streamName()).createOrUpdateConsumer(actor.consumerConfig());
        } catch (JetStreamApiException e) {
            throw e.errCode() == CONSUMER_UNCHANGEABLE ? new StreamConfigException("cannot register " + actor, e) : e;
        }
    }
}
