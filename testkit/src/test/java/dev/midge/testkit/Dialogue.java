// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.List;

/**
 * What one client says and hears, found out from nats-server 2.15.2. It is said in one write, behind which the client
 * either hears the end of the connection or has a PING answered.
 */
record Dialogue(String name, String said, String heard, boolean ends) {
    private static final String C =
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n";
    private static final String VERBOSE = "CONNECT {\"verbose\":true,\"pedantic\":false}\r\n";
    private static final String PEDANTIC = "CONNECT {\"verbose\":false,\"pedantic\":true}\r\n";
    private static final String UNKNOWN = "-ERR 'Unknown Protocol Operation'\r\n";
    private static final String INVALID = "-ERR 'Invalid Subject'\r\n";
    private static final String INVALID_PUBLISH = "-ERR 'Invalid Publish Subject'\r\n";
    private static final String CONTROL_LINE = "-ERR 'maximum control line exceeded'\r\n";
    private static final String PAYLOAD = "-ERR 'Maximum Payload Violation'\r\n";

    static List<Dialogue> all() {
        return List.of(
                // before CONNECT: verbose, pedantic, echo
                stays("nothing but PING", "", ""),
                stays("no CONNECT", "SUB a 1\r\nPUB a 1\r\nx\r\n", "+OK\r\n+OK\r\nMSG a 1 1\r\nx\r\n"),
                stays("no CONNECT, bad subject", "PUB a..b 1\r\nx\r\n", INVALID_PUBLISH + "+OK\r\n"),
                // CONNECT
                stays(
                        "CONNECT defaults",
                        "CONNECT {}\r\nSUB a 1\r\nPUB a..b 1\r\nx\r\n",
                        "+OK\r\n+OK\r\n" + INVALID_PUBLISH + "+OK\r\n"),
                stays(
                        "lower case",
                        "connect {}\r\nsub a 1\r\npub a 1\r\nx\r\nping\r\n",
                        "+OK\r\n+OK\r\n+OK\r\nMSG a 1 1\r\nx\r\nPONG\r\n"),
                stays("CONNECT without blank", "CONNECT{\"verbose\":false}\r\n", ""),
                stays("CONNECT null", "CONNECT null\r\n", "+OK\r\n"),
                stays(
                        "CONNECT names in capitals",
                        "CONNECT {\"VERBOSE\":false,\"Pedantic\":false}\r\nPUB a..b 0\r\n\r\n",
                        ""),
                stays("CONNECT name twice", "CONNECT {\"verbose\":false,\"verbose\":true}\r\n", "+OK\r\n"),
                stays("CONNECT flag null", "CONNECT {\"verbose\":null}\r\n", "+OK\r\n"),
                stays("CONNECT unknown member", "CONNECT {\"verbose\":false,\"x\":{\"y\":[1]}}\r\n", ""),
                ends("CONNECT no JSON", "CONNECT {\r\n", ""),
                ends("CONNECT nothing", "CONNECT \r\n", ""),
                ends("CONNECT nothing, no blank", "CONNECT\r\n", ""),
                ends("CONNECT array", "CONNECT []\r\n", ""),
                ends("CONNECT wrong type", "CONNECT {\"verbose\":\"x\"}\r\n", ""),
                ends("CONNECT more behind", "CONNECT {\"verbose\":false} x\r\n", ""),
                ends(
                        "CONNECT protocol 2",
                        "CONNECT {\"verbose\":false,\"protocol\":2}\r\n",
                        "-ERR 'invalid client protocol'\r\n"),
                ends(
                        "CONNECT protocol -1",
                        "CONNECT {\"verbose\":false,\"protocol\":-1}\r\n",
                        "-ERR 'invalid client protocol'\r\n"),
                ends("CONNECT protocol 1.5", "CONNECT {\"verbose\":false,\"protocol\":1.5}\r\n", ""),
                ends(
                        "CONNECT no_responders alone",
                        "CONNECT {\"no_responders\":true}\r\n",
                        "-ERR 'no responders requires headers support'\r\n"),
                ends(
                        "CONNECT account",
                        "CONNECT {\"verbose\":false,\"account\":\"x\"}\r\n",
                        "-ERR 'Authorization Violation'\r\n"),
                ends(
                        "CONNECT new account",
                        "CONNECT {\"verbose\":false,\"new_account\":true}\r\n",
                        "-ERR 'Authorization Violation'\r\n"),
                stays(
                        "CONNECT twice ends subscriptions",
                        "CONNECT {\"verbose\":false}\r\nSUB a 1\r\nCONNECT {}\r\nPUB a 1\r\nx\r\n",
                        ""),
                stays("CONNECT twice, verbose", VERBOSE + VERBOSE, "+OK\r\n+OK\r\n"),
                // verbs
                ends("unknown verb", C + "FOO\r\n", UNKNOWN),
                ends("half a verb", C + "PUX", UNKNOWN),
                ends("empty line", C + "\r\n", UNKNOWN),
                ends("blank before verb", C + " PING\r\n", UNKNOWN),
                ends("HTTP", "GET / HTTP/1.1\r\n\r\n", UNKNOWN),
                ends("MSG", C + "MSG a 1 0\r\n\r\n", UNKNOWN),
                ends("RS+", C + "RS+ a 1\r\n", UNKNOWN),
                ends("LS+", C + "LS+ a 1\r\n", UNKNOWN),
                ends("A+", C + "A+ a\r\n", UNKNOWN),
                stays("HMSG is an empty message", C + "HMSG a 1 0\r\n\r\n", ""),
                stays("HMSG, verbose", VERBOSE + "HMSG a 1 0\r\n\r\n", "+OK\r\n+OK\r\n"),
                ends("HMSG with a body", C + "HMSG a 1 1\r\nx\r\n", UNKNOWN),
                stays("PING and more", C + "PING junk junk\r\nPINGx\nPONGzz\n+OKzz\n", "PONG\r\nPONG\r\n"),
                stays("long PING", C + "PING" + "a".repeat(9000) + "\r\n", "PONG\r\n"),
                stays("+OK", C + "+OK\r\n", ""),
                ends("-ERR", C + "-ERR 'x'\r\n", ""),
                ends("-ERR without text", C + "-ERR\r\n", UNKNOWN),
                stays("INFO", C + "INFO {}\r\n", ""),
                ends("INFO no JSON", C + "INFO {\r\n", ""),
                stays(
                        "verbose answers",
                        VERBOSE + "SUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1\r\nPONG\r\n",
                        "+OK\r\n+OK\r\n+OK\r\nMSG a 1 1\r\nx\r\n+OK\r\n"),
                // white space
                stays("tabs and blanks", C + "SUB\t a \t q\t\t1  \r\nPUB\ta\t\t1 \r\nx\r\n", "MSG a 1 1\r\nx\r\n"),
                stays("LF only", C + "SUB a 1\nPUB a 1\nx\r\n", "MSG a 1 1\r\nx\r\n"),
                ends("payload with LF only", C + "PUB a 1\nx\n", UNKNOWN),
                stays("several CR", C + "SUB a 1\r\r\r\nPUB a 1\r\nx\r\n", "MSG a 1 1\r\nx\r\n"),
                stays("CR within drops the last byte", C + "SUB a 1\r2\nPUB a 1\r\nx\r\n", "MSG a 1 1\r\nx\r\n"),
                // SUB
                ends("SUB", C + "SUB\r\n", UNKNOWN),
                ends("SUB and blank", C + "SUB \r\n", ""),
                ends("SUB of one argument", C + "SUB a\r\n", ""),
                ends("SUB of four arguments", C + "SUB a b c d\r\n", ""),
                stays(
                        "SUB bad subjects",
                        C + "SUB a..b 1\r\nSUB .a 1\r\nSUB a. 1\r\nSUB >.a 1\r\nSUB a.>.b 2\r\n",
                        INVALID.repeat(5)),
                stays("SUB bad subject, verbose", VERBOSE + "SUB a..b 1\r\n", "+OK\r\n" + INVALID),
                stays(
                        "wildcards within tokens",
                        C + "SUB a*b 1\r\nSUB a>  2\r\nPUB a*b 1\r\nx\r\nPUB axb 1\r\ny\r\nPUB a> 1\r\nz\r\n",
                        "MSG a*b 1 1\r\nx\r\nMSG a> 2 1\r\nz\r\n"),
                stays(
                        "SUB sid again",
                        C + "SUB a 1\r\nSUB b 1\r\nPUB a 1\r\nx\r\nPUB b 1\r\ny\r\n",
                        "MSG a 1 1\r\nx\r\n"),
                stays(
                        "sid is any text",
                        C + "SUB a abc-1\r\nPUB a 1\r\nx\r\nUNSUB abc-1\r\nPUB a 1\r\nx\r\n",
                        "MSG a abc-1 1\r\nx\r\n"),
                stays(
                        "subject is any bytes",
                        C + "SUB a\u00ff\u0001 1\r\nPUB a\u00ff\u0001 1\r\nx\r\n",
                        "MSG a\u00ff\u0001 1 1\r\nx\r\n"),
                stays(
                        "queue of the system",
                        C + "SUB a _sys_ 2\r\n",
                        "-ERR 'Permissions Violation for Subscription to \"a\" using queue \"_sys_\"'\r\n"),
                // UNSUB
                ends("UNSUB and blank", C + "UNSUB \r\n", ""),
                ends("UNSUB of three arguments", C + "UNSUB 1 2 3\r\n", ""),
                stays("UNSUB max no number", C + "SUB a 1\r\nUNSUB 1 x\r\nPUB a 1\r\nx\r\n", ""),
                stays("UNSUB max 0", C + "SUB a 1\r\nUNSUB 1 0\r\nPUB a 1\r\nx\r\n", ""),
                stays(
                        "UNSUB max 2",
                        C + "SUB a 1\r\nUNSUB 1 2\r\n" + "PUB a 1\r\nx\r\n".repeat(3),
                        "MSG a 1 1\r\nx\r\n".repeat(2)),
                stays(
                        "UNSUB max counts from SUB on",
                        C + "SUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1 2\r\nPUB a 1\r\ny\r\nPUB a 1\r\nz\r\n",
                        "MSG a 1 1\r\nx\r\nMSG a 1 1\r\ny\r\n"),
                stays(
                        "UNSUB max reached",
                        C + "SUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1 1\r\nPUB a 1\r\ny\r\n",
                        "MSG a 1 1\r\nx\r\n"),
                stays(
                        "UNSUB overrules max",
                        C + "SUB a 1\r\nUNSUB 1 5\r\nPUB a 1\r\nx\r\nUNSUB 1\r\nPUB a 1\r\nz\r\n",
                        "MSG a 1 1\r\nx\r\n"),
                stays("UNSUB unknown sid, verbose", VERBOSE + "UNSUB 9\r\n", "+OK\r\n+OK\r\n"),
                // PUB
                ends("PUB of one argument", C + "PUB a\r\n", ""),
                ends("PUB of four arguments", C + "PUB a b c 1\r\n", ""),
                ends("PUB size no number", C + "PUB a x\r\n", ""),
                ends("PUB size negative", C + "PUB a -1\r\n", ""),
                ends("PUB size of ten digits", C + "PUB a 0000000001\r\n", ""),
                stays(
                        "PUB size of nine digits",
                        C + "SUB a 1\r\nPUB a 000000001\r\nx\r\n",
                        "MSG a 1 000000001\r\nx\r\n"),
                ends("PUB payload too short", C + "PUB a 5\r\nxyz\r\nPING\r\n", UNKNOWN),
                ends("PUB payload too long", C + "PUB a 1\r\nxyz\r\n", UNKNOWN),
                ends("PUB over max_payload", C + "PUB a 1048577\r\n", PAYLOAD),
                ends("PUB over max_payload, bad subject", PEDANTIC + "PUB a..b 1048577\r\n", PAYLOAD),
                stays(
                        "PUB bad subjects, pedantic",
                        PEDANTIC + "PUB a..b 1\r\nx\r\nPUB * 1\r\nx\r\nPUB a*b 1\r\nx\r\nPUB a.> 1\r\nx\r\n",
                        INVALID_PUBLISH.repeat(3)),
                stays("PUB bad reply-to, pedantic", PEDANTIC + "PUB a b..c 1\r\nx\r\n", ""),
                stays("PUB bad subjects", C + "SUB > 3\r\nPUB a..b 1\r\nx\r\nPUB .a 1\r\nx\r\nPUB a. 1\r\nx\r\n", ""),
                stays(
                        "PUB to wildcards",
                        C + "SUB a.b 1\r\nSUB > 3\r\nPUB a.* 1\r\nx\r\nPUB > 1\r\nx\r\n",
                        "MSG a.* 3 1\r\nx\r\nMSG > 3 1\r\nx\r\n"),
                stays(
                        "PUB to servers' subjects",
                        C + "PUB _GR_.a 0\r\n\r\nPUB $GR.a 0\r\n\r\nPUB $NRG.a 0\r\n\r\n",
                        "-ERR 'Permissions Violation for Publish to \"_GR_.a\"'\r\n-ERR 'Permissions Violation for Publish to \"$GR.a\"'\r\n-ERR 'Permissions Violation for Publish to \"$NRG.a\"'\r\n"),
                stays(
                        "PUB with servers' reply-to",
                        C
                                + "PUB a _R_.x 0\r\n\r\nPUB a $JS.ACK.x 0\r\n\r\nPUB a _GR_.x 0\r\n\r\nPUB a $GR.x 0\r\n\r\nPUB a _R_ 0\r\n\r\nPUB a $JS.ACK. 0\r\n\r\n",
                        "-ERR 'Permissions Violation for Publish with Reply of \"_R_.x\"'\r\n-ERR 'Permissions Violation for Publish with Reply of \"$JS.ACK.x\"'\r\n-ERR 'Permissions Violation for Publish with Reply of \"_GR_.x\"'\r\n-ERR 'Permissions Violation for Publish with Reply of \"$GR.x\"'\r\n"),
                stays(
                        "quoting",
                        C + "PUB _GR_.\u00ff\u0001\"\\\u00c3\u00a9\u00e2\u0080\u00a8 1\r\nx\r\n",
                        "-ERR 'Permissions Violation for Publish to \"_GR_.\\xff\\x01\\\"\\\\\u00c3\u00a9\\u2028\"'\r\n"),
                // control lines
                stays("control line of 4096", C + "PUB " + "a".repeat(4094) + " 1\r\nx\r\n", ""),
                ends("control line of 4097", C + "PUB " + "a".repeat(4095) + " 1\r\n", CONTROL_LINE),
                ends("control line unfinished", C + "PUB " + "a".repeat(4097), CONTROL_LINE),
                stays("blanks behind count", C + "PUB a 1" + " ".repeat(4093) + "\r\nx\r\n", ""),
                ends("too many blanks behind", C + "PUB a 1" + " ".repeat(4094) + "\r\n", CONTROL_LINE),
                stays("blanks before do not count", C + "PUB " + " ".repeat(9000) + "a 1\r\nx\r\n", ""),
                ends("long CONNECT", "CONNECT {\"name\":\"" + "a".repeat(5000) + "\"}\r\n", CONTROL_LINE),
                // headers
                stays(
                        "HPUB",
                        C + "SUB a 1\r\nHPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n",
                        "HMSG a 1 12 13\r\nNATS/1.0\r\n\r\nx\r\n"),
                stays(
                        "HPUB, digits and reply-to as sent",
                        C + "SUB a 1\r\nHPUB a r 012 013\r\nNATS/1.0\r\n\r\nx\r\n",
                        "HMSG a 1 r 012 013\r\nNATS/1.0\r\n\r\nx\r\n"),
                stays("HPUB without headers", C + "SUB a 1\r\nHPUB a 0 1\r\nx\r\n", "MSG a 1 1\r\nx\r\n"),
                stays("HPUB of garbage", C + "SUB a 1\r\nHPUB a 3 4\r\nabcx\r\n", "HMSG a 1 3 4\r\nabcx\r\n"),
                ends("HPUB not announced", VERBOSE + "HPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n", "+OK\r\n"),
                ends("HPUB headers larger than all", C + "HPUB a 5 4\r\n", ""),
                ends("HPUB header size no number", C + "HPUB a x 4\r\n", ""),
                ends("HPUB size no number", C + "HPUB a 1 x\r\n", ""),
                ends("HPUB of two arguments", C + "HPUB a 4\r\n", ""),
                ends("HPUB of five arguments", C + "HPUB a b c 4 5\r\n", ""),
                ends("HPUB over max_payload", C + "HPUB a 12 1048577\r\n", PAYLOAD),
                // no responders
                stays(
                        "nobody listens",
                        C + "SUB r 1\r\nPUB a r 1\r\nx\r\n",
                        "HMSG r 1 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\n"),
                stays("nobody listens nor waits", C + "PUB a r 1\r\nx\r\n", ""),
                stays("nobody listens, queue waits", C + "SUB r q 1\r\nPUB a r 1\r\nx\r\n", ""),
                stays("nobody listens, not wanted", PEDANTIC + "SUB r 1\r\nPUB a r 1\r\nx\r\n", ""),
                stays(
                        "503 does not count",
                        C + "SUB r 1\r\nUNSUB 1 1\r\nPUB a r 1\r\nx\r\nPUB r 1\r\ny\r\n",
                        "HMSG r 1 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\nMSG r 1 1\r\ny\r\n"),
                stays(
                        "echo off",
                        "CONNECT {\"verbose\":false,\"echo\":false,\"headers\":true,\"no_responders\":true}\r\nSUB a 1\r\nSUB r 2\r\nPUB a r 1\r\nx\r\n",
                        "HMSG r 2 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\n"));
    }

    private static Dialogue stays(String name, String said, String heard) {
        return new Dialogue(name, said, heard, false);
    }

    private static Dialogue ends(String name, String said, String heard) {
        return new Dialogue(name, said, heard, true);
    }

    /** Holds it with a server, saying all at once or in pieces. */
    void hold(int port, int piece) {
        try (WireClient client = WireClient.connect(port)) {
            client.sayInPieces(piece, said).hears(heard);
            if (ends) {
                client.ends();
            } else {
                client.stays();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
