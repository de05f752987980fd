// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

/** Endpoints whose subjects start alike. Made by {@code addGroup}; thread-safe. */
public final class ServiceGroup {
    private final Service service;
    private final Scope scope;

    ServiceGroup(Service service, Scope scope) {
        this.service = service;
        this.scope = scope;
    }

    /** What the subjects of its endpoints start with, without the dot behind it; may be empty. */
    public String prefix() {
        return scope.prefix();
    }

    /** As {@link Service#addEndpoint(String, RequestHandler)}, in this group. */
    public EndpointInfo addEndpoint(String name, RequestHandler handler) {
        return addEndpoint(EndpointOptions.builder(name).build(), handler);
    }

    /** As {@link Service#addEndpoint(EndpointOptions, RequestHandler)}, in this group. */
    public EndpointInfo addEndpoint(EndpointOptions options, RequestHandler handler) {
        return service.add(options, scope, handler);
    }

    /** As {@link Service#addGroup(String)}, within this group. */
    public ServiceGroup addGroup(String name) {
        return addGroup(GroupOptions.builder(name).build());
    }

    /** As {@link #addGroup(String)}, with options. */
    public ServiceGroup addGroup(GroupOptions options) {
        return new ServiceGroup(service, options.within(scope));
    }
}
