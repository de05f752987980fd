// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message that a {@linkplain EventConnection#monitor monitor} saw.
 *
 * @param event the event
 * @param message what was said; null if the payload could not be decoded
 * @param failure why not, else null
 * @param source the message as it came, with its headers
 */
public record Sighting(
        Event<?> event, @Nullable Object message, @Nullable CodecException failure, Message source) {
    static Sighting of(Event<?> event, Message source) {
        try {
            Object message = CodecException.decode(event.codec(), source.data(), "a message of " + event);
            return new Sighting(event, message, null, source);
        } catch (CodecException e) {
            return new Sighting(event, null, e, source);
        }
    }
}
