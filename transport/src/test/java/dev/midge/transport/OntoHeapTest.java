// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class OntoHeapTest {
    @Test
    void copiesWhatIsNotInAnArray() {
        EmbeddedChannel channel = new EmbeddedChannel(OntoHeap.INSTANCE);
        ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes("xabc".getBytes(US_ASCII));
        in.skipBytes(1);

        channel.writeInbound(in);

        ByteBuf out = channel.readInbound();
        assertThat(out.hasArray()).isTrue();
        assertThat(out.toString(US_ASCII)).isEqualTo("abc");
        assertThat(in.refCnt()).isZero();
        out.release();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void passesAllElse() {
        EmbeddedChannel channel = new EmbeddedChannel(OntoHeap.INSTANCE);
        ByteBuf array = Unpooled.copiedBuffer("abc", US_ASCII);

        channel.writeInbound(array, "text");

        assertThat(channel.<Object>readInbound()).isSameAs(array);
        assertThat(channel.<Object>readInbound()).isEqualTo("text");
        array.release();
        assertThat(channel.finish()).isFalse();
    }
}
