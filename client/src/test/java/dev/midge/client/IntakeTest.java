// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private final Intake intake = new Intake();

    private static Message message(int number) {
        return new Message(String.valueOf(number), null, null, new byte[0], null);
    }

    @Test
    void aBatchGrowsUntilItIsFullAndBeginsAgain() {
        for (int round = 0; round < 3; round++) {
            List<Message> added = new ArrayList<>();
            for (int i = 1; i <= Batch.MOST; i++) {
                Message message = message(i);
                added.add(message);
                assertThat(intake.addToBatch(message)).as("full with %d", i).isEqualTo(i == Batch.MOST);
                assertThat(intake.batchSize()).isEqualTo(i);
            }
            @Nullable Message[] batch = intake.takeBatch();
            assertThat(batch).startsWith(added.toArray(new Message[0]));
            assertThat(intake.batchSize()).isZero();
        }
    }

    @Test
    void hasNoRoomUntilItIsToldOfSome() {
        assertThat(intake.hasRoom()).isFalse();
        assertThat(intake.takeRoom(0)).isFalse();
        intake.setRoom(2, 10);
        assertThat(intake.takeRoom(11)).isFalse();
        assertThat(intake.takeRoom(9)).isTrue();
        assertThat(intake.hasRoom()).isTrue();
        assertThat(intake.takeRoom(2)).isFalse();
        assertThat(intake.takeRoom(1)).isTrue();
        assertThat(intake.hasRoom()).isFalse();
        assertThat(intake.takeRoom(0)).isFalse();
    }

    @Test
    void noBatchIsLargerThanItMayBe() {
        assertThat(Batch.first(1)).hasSize(1);
        @Nullable Message[] batch = Batch.first(100);
        for (int i = 0; i < 10; i++) {
            batch = Batch.grown(batch, 100);
        }
        assertThat(batch).hasSize(100);
        assertThat(Batch.grown(batch, 100)).isSameAs(batch);
    }
}
