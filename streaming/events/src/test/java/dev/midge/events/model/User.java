// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events.model;

import io.avaje.jsonb.Json;
import java.util.List;

@Json
public record User(String name, int age, String mail, List<String> roles) {
    public static final User JOE = new User("Joe", 42, null, List.of("admin", "ops"));
}
