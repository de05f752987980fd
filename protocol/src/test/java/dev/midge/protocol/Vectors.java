// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames as servers may write them, each with what a decoder must make of it. */
final class Vectors {
    /** The shortest header block. */
    static final String NO_HEADERS = "NATS/1.0\r\n\r\n";

    /**
     * @param latin1 the frame with each byte as a character
     * @param frame as {@link Recorder} writes it down
     */
    record Vector(String latin1, String frame) {
        byte[] bytes() {
            return latin1.getBytes(ISO_8859_1);
        }

        @Override
        public String toString() {
            String text = latin1.replace("\r", "\\r").replace("\n", "\\n");
            return text.length() > 60 ? text.substring(0, 60) + "..." : text;
        }
    }

    private Vectors() {}

    /** Every kind of frame in every way it may be written, none longer than some hundred bytes. */
    static List<Vector> small() {
        List<Vector> all = new ArrayList<>();
        for (String ping : List.of("PING", "ping", "PiNg", "PING ", "PING\t", "pInG \t ")) {
            all.add(vector(ping + "\r\n", Recorder.PING));
        }
        for (String pong : List.of("PONG", "pong", "pOnG", "PONG  ", "PONG\t")) {
            all.add(vector(pong + "\r\n", Recorder.PONG));
        }
        for (String ok : List.of("+OK", "+ok", "+Ok", "+oK ", "+OK\t")) {
            all.add(vector(ok + "\r\n", Recorder.OK));
        }
        all.add(vector("INFO {}\r\n", Recorder.info("{}")));
        all.add(vector("INFO {\"server_id\":\"A\"} \r\n", Recorder.info("{\"server_id\":\"A\"}")));
        all.add(vector("info\t {\"a\": [1,\t2]}\t\r\n", Recorder.info("{\"a\": [1,\t2]}")));
        all.add(vector("iNfO not checked here\r\n", Recorder.info("not checked here")));
        all.add(vector("INFO {\"name\":\"Žofie 🦟\"}\r\n", Recorder.info("{\"name\":\"Žofie 🦟\"}")));
        all.add(vector("-ERR 'Stale Connection'\r\n", Recorder.error("'Stale Connection'")));
        all.add(vector("-err \t'Unknown  Op' \r\n", Recorder.error("'Unknown  Op'")));
        all.add(vector("-Err \r\n", Recorder.error("")));
        messages(all);
        headers(all);
        return all;
    }

    private static void messages(List<Vector> all) {
        all.add(vector("MSG a 1 0\r\n\r\n", Recorder.message("a", 1, null, "", "")));
        all.add(vector("MSG a.b.c 22 5\r\nhello\r\n", Recorder.message("a.b.c", 22, null, "", "hello")));
        all.add(vector("MSG a 1 _INBOX.x.1 2\r\nhi\r\n", Recorder.message("a", 1, "_INBOX.x.1", "", "hi")));
        all.add(vector("msg a 1 2\r\nhi\r\n", Recorder.message("a", 1, null, "", "hi")));
        all.add(vector("mSg\ta\t1\tr\t2\r\nhi\r\n", Recorder.message("a", 1, "r", "", "hi")));
        all.add(vector("MSG \t a \t 1  \t2 \t \r\nhi\r\n", Recorder.message("a", 1, null, "", "hi")));
        all.add(vector("MSG  a  1  r  2  \r\nhi\r\n", Recorder.message("a", 1, "r", "", "hi")));
        // tokens of digits: which one is the sid, the reply or the length is told by their order alone
        all.add(vector("MSG 12 34 56 3\r\nabc\r\n", Recorder.message("12", 34, "56", "", "abc")));
        all.add(vector("MSG 12 34 3\r\nabc\r\n", Recorder.message("12", 34, null, "", "abc")));
        all.add(vector("MSG  12 34 3\r\nabc\r\n", Recorder.message("12", 34, null, "", "abc")));
        all.add(vector("MSG 12 34  3\r\nabc\r\n", Recorder.message("12", 34, null, "", "abc")));
        all.add(vector("MSG a 1 0 0\r\n\r\n", Recorder.message("a", 1, "0", "", "")));
        all.add(vector("MSG a 007 r 003\r\nabc\r\n", Recorder.message("a", 7, "r", "", "abc")));
        for (String sid : List.of("9", "10", "999", "1234", "65536", "987654", "1234567", "12345678", "123456789")) {
            all.add(vector("MSG a " + sid + " 1\r\nx\r\n", Recorder.message("a", Long.parseLong(sid), null, "", "x")));
        }
        all.add(vector("MSG a 1 0000001\r\nx\r\n", Recorder.message("a", 1, null, "", "x")));
        all.add(vector("MSG a 1 00000001\r\nx\r\n", Recorder.message("a", 1, null, "", "x")));
        all.add(vector("MSG a 0 1\r\nx\r\n", Recorder.message("a", 0, null, "", "x")));
        all.add(vector(
                "MSG a 999999999999999999 1\r\nx\r\n", Recorder.message("a", 999_999_999_999_999_999L, null, "", "x")));
        all.add(vector("MSG žluť.🦟 1 ответ 1\r\nx\r\n", Recorder.message("žluť.🦟", 1, "ответ", "", "x")));
        all.add(vector("MSG MSG 1 PING 1\r\nx\r\n", Recorder.message("MSG", 1, "PING", "", "x")));
        all.add(vector(
                "MSG !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ 1 1\r\nx\r\n",
                Recorder.message("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", 1, null, "", "x")));
        // payloads that look like frames
        all.add(vector("MSG a 1 2\r\n\r\n\r\n", Recorder.message("a", 1, null, "", "\r\n")));
        all.add(vector("MSG a 1 4\r\n\n\n\r\r\r\n", Recorder.message("a", 1, null, "", "\n\n\r\r")));
        all.add(vector("MSG a 1 12\r\nPING\r\nPONG\r\n\r\n", Recorder.message("a", 1, null, "", "PING\r\nPONG\r\n")));
        all.add(vector("MSG a 1 3\r\n\0\u007f\u0001\r\n", Recorder.message("a", 1, null, "", "\0\u007f\u0001")));
    }

    private static void headers(List<Vector> all) {
        String status = "NATS/1.0 503\r\nNats-Subject: nobody.home\r\n\r\n";
        String two = "NATS/1.0\r\nA: 1\r\nB: 2\r\n\r\n";
        all.add(vector("HMSG a 1 12 12\r\n" + NO_HEADERS + "\r\n", Recorder.message("a", 1, null, NO_HEADERS, "")));
        all.add(vector("HMSG a 1 12 14\r\n" + NO_HEADERS + "hi\r\n", Recorder.message("a", 1, null, NO_HEADERS, "hi")));
        all.add(vector("HMSG a 1 r 24 29\r\n" + two + "hello\r\n", Recorder.message("a", 1, "r", two, "hello")));
        all.add(vector(
                "HMSG _INBOX.q 7 43 43\r\n" + status + "\r\n", Recorder.message("_INBOX.q", 7, null, status, "")));
        all.add(vector(
                "hmsg\ta 1\t 12   14 \r\n" + NO_HEADERS + "hi\r\n", Recorder.message("a", 1, null, NO_HEADERS, "hi")));
        all.add(vector("hMsG 1 2 3 12 13\r\n" + NO_HEADERS + "x\r\n", Recorder.message("1", 2, "3", NO_HEADERS, "x")));
        all.add(vector("HMSG 1 2 12 12\r\n" + NO_HEADERS + "\r\n", Recorder.message("1", 2, null, NO_HEADERS, "")));
    }

    static Vector vector(String text, String frame) {
        return new Vector(new String(text.getBytes(UTF_8), ISO_8859_1), frame);
    }

    /** A message with a payload of so many bytes, no two neighbours alike. */
    static Vector ofSize(int length, @Nullable String headers) {
        String payload = payload(length);
        String line = headers == null
                ? "MSG some.subject 17 reply " + length
                : "HMSG some.subject 17 reply " + headers.length() + " " + (headers.length() + length);
        String block = headers == null ? "" : headers;
        return new Vector(
                line + "\r\n" + block + payload + "\r\n",
                Recorder.message("some.subject", 17, "reply", block, payload));
    }

    static String payload(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (i % 251));
        }
        return text.toString();
    }

    /** The bytes of all of them in a row. */
    static byte[] join(List<Vector> vectors) {
        return vectors.stream().map(Vector::latin1).collect(joining()).getBytes(ISO_8859_1);
    }

    static List<String> frames(List<Vector> vectors) {
        return vectors.stream().map(Vector::frame).toList();
    }
}
