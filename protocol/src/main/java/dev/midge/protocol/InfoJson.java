// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/** The names that the fields of {@link Info} have on the wire. */
final class InfoJson {
    private InfoJson() {}

    static Info read(String json) {
        JsonFields fields = JsonFields.parse("INFO", json, false);
        return new Info(
                fields.text("server_id", ""),
                fields.text("server_name", ""),
                fields.text("version", ""),
                fields.whole("proto"),
                fields.text("git_commit"),
                fields.text("go", ""),
                fields.text("host", ""),
                fields.whole("port"),
                fields.flag("headers", false),
                fields.flag("auth_required", false),
                fields.flag("tls_required", false),
                fields.flag("tls_verify", false),
                fields.flag("tls_available", false),
                (int) fields.whole("max_payload", Info.UNLIMITED, Integer.MAX_VALUE, Info.DEFAULT_MAX_PAYLOAD),
                fields.flag("jetstream", false),
                fields.text("ip"),
                fields.whole("client_id", 0, Long.MAX_VALUE, 0),
                fields.text("client_ip"),
                fields.text("nonce"),
                fields.text("cluster"),
                fields.flag("cluster_dynamic", false),
                fields.text("domain"),
                fields.texts("connect_urls"),
                fields.texts("ws_connect_urls"),
                fields.flag("ldm", false),
                fields.text("compression"),
                fields.flag("connect_info", false),
                fields.text("remote_account"),
                fields.flag("acc_is_sys", false),
                fields.whole("api_lvl"),
                fields.text("xkey"),
                fields.remaining());
    }

    static String write(Info info) {
        return new JsonMembers()
                .always("server_id", info.serverId())
                .always("server_name", info.serverName())
                .always("version", info.version())
                .always("proto", info.proto())
                .present("git_commit", info.gitCommit())
                .always("go", info.go())
                .always("host", info.host())
                .always("port", info.port())
                .always("headers", info.headers())
                .present("auth_required", info.authRequired())
                .present("tls_required", info.tlsRequired())
                .present("tls_verify", info.tlsVerify())
                .present("tls_available", info.tlsAvailable())
                .always("max_payload", info.maxPayload())
                .present("jetstream", info.jetstream())
                .present("ip", info.ip())
                .present("client_id", info.clientId())
                .present("client_ip", info.clientIp())
                .present("nonce", info.nonce())
                .present("cluster", info.cluster())
                .present("cluster_dynamic", info.clusterDynamic())
                .present("domain", info.domain())
                .present("connect_urls", info.connectUrls())
                .present("ws_connect_urls", info.wsConnectUrls())
                .present("ldm", info.ldm())
                .present("compression", info.compression())
                .present("connect_info", info.connectInfo())
                .present("remote_account", info.remoteAccount())
                .present("acc_is_sys", info.accIsSys())
                .present("api_lvl", info.apiLvl())
                .present("xkey", info.xkey())
                .toText(info.unknown());
    }
}
