// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream.examples;

import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.Stream;
import dev.midge.jetstream.StreamSnapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The program of docs/jetstream.md about snapshots. */
abstract class SnapshotExample {
    static void save(JetStream js, Path data, Path description) throws IOException {
        try (FileChannel to = FileChannel.open(data, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            StreamSnapshot snapshot = js.stream("ORDERS").snapshot(to);
            Files.writeString(description, snapshot.toJson());
        }
    }

    static Stream restore(JetStream js, Path data, Path description) throws IOException {
        StreamSnapshot snapshot = StreamSnapshot.fromJson(Files.readString(description));
        try (FileChannel from = FileChannel.open(data)) {
            return js.restoreStream(snapshot, from);
        }
    }
}
