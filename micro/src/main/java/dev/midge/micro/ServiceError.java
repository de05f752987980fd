// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong in a service, which goes on.
 *
 * @param service the service
 * @param endpoint of whom; null if of the service, as when it was asked for its INFO
 * @param request being handled; null if none
 * @param cause what a handler threw, why an answer could not be sent, or what the server refused
 */
public record ServiceError(
        Service service,
        @Nullable EndpointInfo endpoint,
        @Nullable Request request,
        Throwable cause) {}
